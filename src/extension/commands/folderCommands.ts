import path from 'node:path';
import * as vscode from 'vscode';
import { runError, toErrorInfo } from '../../protocol/errors';
import { isRunAlive } from '../../store/runLock';
import { CheckpointEditor } from '../checkpoint/checkpointEditor';
import { type Dashboards } from '../dashboard/dashboards';
import { type RunController } from '../run/runController';
import { type RunNode } from '../run/runNodes';
import { pickRun, pickRuns, runDirOf, type RunArgument } from './chosenRun';
import { saveReport } from './saveReport';

/** What can be done with a stored run: look at it, save its report, find its folder, delete it. */
export function registerFolderCommands(
  controller: RunController,
  dashboards: Dashboards,
  extension: vscode.Uri,
  runsChanged: () => void,
): vscode.Disposable {
  /** A command on the run it is called with, else the one in front, else the one running, else one that is chosen. */
  const onRun = (name: string, act: (runDir: string) => Promise<void> | void) =>
    vscode.commands.registerCommand(`mnemonics.${name}`, async (argument?: RunArgument) => {
      try {
        const shown = runDirOf(argument) ?? dashboards.active ?? controller.current?.runDir;
        const runDir = shown ?? (await pickRun(vscode.l10n.t('Choose a run')));
        if (runDir !== undefined) await act(runDir);
      } catch (error) {
        void vscode.window.showErrorMessage(toErrorInfo(error).message);
      }
    });
  return vscode.Disposable.from(
    onRun('openDashboard', (runDir) => dashboards.show(runDir)),
    onRun('saveReport', (runDir) => saveReport([runDir], extension)),
    onRun('revealRun', (runDir) => revealRun(vscode.Uri.file(runDir))),
    onRun('deleteRun', async (runDir) => {
      if (await deleteRun(runDir)) {
        dashboards.close(runDir);
        runsChanged();
      }
    }),
    vscode.commands.registerCommand('mnemonics.compareRuns', async () =>
      saveReport(await pickRuns(vscode.l10n.t('Choose the runs to compare')), extension),
    ),
    vscode.commands.registerCommand('mnemonics.openCheckpoint', openCheckpoint),
  );
}

/** In the explorer where the workspace holds it, else in the system's file manager. */
async function revealRun(folder: vscode.Uri): Promise<void> {
  const inside = vscode.workspace.getWorkspaceFolder(folder) !== undefined;
  await vscode.commands.executeCommand(inside ? 'revealInExplorer' : 'revealFileInOS', folder);
}

/** @returns whether it was deleted. @throws LabError `run-folder` where the run is going on. */
async function deleteRun(runDir: string): Promise<boolean> {
  const name = path.basename(runDir);
  if (await isRunAlive(runDir)) throw runError(vscode.l10n.t('{0} is running; stop it before you delete it.', name));
  const toTrash = vscode.l10n.t('Move to Trash');
  const sentence = vscode.l10n.t('Delete {0} with its checkpoints and exemplars?', name);
  if ((await vscode.window.showWarningMessage(sentence, { modal: true }, toTrash)) !== toTrash) return false;
  const folder = vscode.Uri.file(runDir);
  try {
    await vscode.workspace.fs.delete(folder, { recursive: true, useTrash: true });
    return true;
  } catch {
    // A server without a desktop has no trash.
    const forGood = vscode.l10n.t('Delete for Good');
    const question = vscode.l10n.t('This machine has no trash: delete {0} for good?', name);
    if ((await vscode.window.showWarningMessage(question, { modal: true }, forGood)) !== forGood) return false;
    await vscode.workspace.fs.delete(folder, { recursive: true });
    return true;
  }
}

async function openCheckpoint(argument?: RunNode | vscode.Uri): Promise<void> {
  const file =
    argument instanceof vscode.Uri ? argument : argument?.kind === 'file' ? vscode.Uri.file(argument.file) : await chooseCheckpoint();
  if (file) await vscode.commands.executeCommand('vscode.openWith', file, CheckpointEditor.viewType);
}

async function chooseCheckpoint(): Promise<vscode.Uri | undefined> {
  const files = await vscode.workspace.findFiles('**/*.safetensors', '**/node_modules/**', 500);
  const items = files.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri })).sort((a, b) => a.label.localeCompare(b.label));
  if (items.length === 0)
    void vscode.window.showInformationMessage(
      vscode.l10n.t('This workspace has no checkpoint (*.safetensors); a run writes one after each phase.'),
    );
  else return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Choose a checkpoint') }))?.uri;
  return undefined;
}
