import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { activeExperiment, chooseExperiment, findExperiments } from '../experiments/experimentFiles';
import { readExperimentText } from '../experiments/experimentText';
import { createDemo } from '../experiments/newExperiment';
import { type Dashboards } from '../dashboard/dashboards';
import { type RunController } from '../run/runController';
import { runName } from '../run/runName';
import { runsFolderFor } from '../run/runsFolder';
import { trusted } from '../trust';

/** Starts a run of an experiment file and shows its dashboard. Without a file: of the one in the editor, or of one that is chosen. */
export async function startRun(controller: RunController, dashboards: Dashboards, extension: vscode.Uri, file?: vscode.Uri): Promise<void> {
  if (!trusted(vscode.l10n.t('Training'))) return;
  if (controller.current) return tellRunning(controller);
  const experiment = file ?? activeExperiment() ?? (await findOrCreate(extension));
  if (!experiment) return;
  const document = await vscode.workspace.openTextDocument(experiment);
  const { values, problems } = readExperimentText(document.getText(), vscode.workspace.asRelativePath(experiment));
  const [problem] = problems;
  if (problem) return showProblem(experiment, problem.field, problem.message);
  // The process reads the file, not the editor.
  if (document.isDirty && !(await document.save())) return;
  // Somebody may have started one while this one was chosen.
  if (controller.current) return tellRunning(controller);
  const runDir = await freeFolder(runsFolderFor(experiment), typeof values.name === 'string' ? values.name : 'experiment');
  controller.start(experiment.fsPath, runDir);
  dashboards.show(runDir);
}

async function findOrCreate(extension: vscode.Uri): Promise<vscode.Uri | undefined> {
  const files = await findExperiments();
  if (files.length > 0) return chooseExperiment(files);
  const create = vscode.l10n.t('Create Demo');
  const sentence = vscode.l10n.t(
    'This workspace has no experiment file (*.mnemonics.json) yet: create the demo, which learns handwritten digits?',
  );
  return (await vscode.window.showInformationMessage(sentence, create)) === create ? createDemo(extension) : undefined;
}

async function tellRunning(controller: RunController): Promise<void> {
  const runDir = controller.current?.runDir;
  if (runDir === undefined) return;
  const open = vscode.l10n.t('Open Dashboard');
  const stop = vscode.l10n.t('Stop It');
  const sentence = vscode.l10n.t('{0} is running in this window; one run at a time keeps its speed.', path.basename(runDir));
  const choice = await vscode.window.showInformationMessage(sentence, open, stop);
  if (choice === open) await vscode.commands.executeCommand('mnemonics.openDashboard', runDir);
  if (choice === stop) await vscode.commands.executeCommand('mnemonics.stop');
}

async function showProblem(experiment: vscode.Uri, field: string, message: string): Promise<void> {
  const open = vscode.l10n.t('Open File');
  const sentence = field ? `${vscode.workspace.asRelativePath(experiment)}: "${field}" ${message}.` : message;
  if ((await vscode.window.showErrorMessage(sentence, open)) === open) await vscode.window.showTextDocument(experiment);
}

/** A folder that doesn't exist yet; two runs started within a second get different ones. */
async function freeFolder(runsFolder: string, experiment: string): Promise<string> {
  await mkdir(runsFolder, { recursive: true });
  const wanted = path.join(runsFolder, runName(experiment, new Date()));
  for (let n = 1; ; n++) {
    const folder = n === 1 ? wanted : `${wanted}-${n}`;
    if (!existsSync(folder)) return folder;
  }
}
