import path from 'node:path';
import * as vscode from 'vscode';
import { listRuns, type RunSummary } from '../../store/readRun';
import { percent } from '../run/figures';
import { type RunNode } from '../run/runNodes';
import { allRunsFolders } from '../run/runsFolder';

/** What a command on a run may be called with: a node of the tree, a run folder, or nothing from the palette. */
export type RunArgument = RunNode | vscode.Uri | string | undefined;

/** The run folder that a command's argument names; undefined where it names none. */
export function runDirOf(argument: RunArgument): string | undefined {
  if (typeof argument === 'string') return argument;
  if (argument instanceof vscode.Uri) return argument.fsPath;
  return argument?.kind === 'run' ? argument.summary.dir : undefined;
}

/** Lets the user choose a stored run; undefined where none fits (which is said) or none was chosen. */
export async function pickRun(placeHolder: string, fits: (run: RunSummary) => boolean = () => true): Promise<string | undefined> {
  const runs = (await Promise.all(allRunsFolders().map(listRuns))).flat().filter(fits);
  if (runs.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('This workspace has no such run; start one first.'));
    return undefined;
  }
  const items = runs.map((run) => ({
    label: path.basename(run.dir),
    description: [run.state, run.run?.summary && `Ā ${percent(run.run.summary.averageAccuracy)}`].filter(Boolean).join(' · '),
    dir: run.dir,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.dir;
}
