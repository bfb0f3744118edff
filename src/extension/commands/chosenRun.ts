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
  const items = await runItems(fits, 1);
  return items && (await vscode.window.showQuickPick(items, { placeHolder }))?.dir;
}

/** Lets the user choose several stored runs; empty where there are fewer than two (which is said) or none was chosen. */
export async function pickRuns(placeHolder: string): Promise<string[]> {
  const items = await runItems(({ run }) => run !== null, 2);
  const chosen = items && (await vscode.window.showQuickPick(items, { placeHolder, canPickMany: true }));
  return (chosen ?? []).map(({ dir }) => dir);
}

async function runItems(fits: (run: RunSummary) => boolean, atLeast: number) {
  const runs = (await Promise.all(allRunsFolders().map(listRuns))).flat().filter(fits);
  if (runs.length >= atLeast) return runs.map(item);
  const sentence =
    atLeast === 1
      ? vscode.l10n.t('This workspace has no such run; start one first.')
      : vscode.l10n.t('Two runs are needed to compare them; this workspace has {0}.', runs.length);
  void vscode.window.showInformationMessage(sentence);
  return undefined;
}

const item = (run: RunSummary) => ({
  label: path.basename(run.dir),
  description: [run.state, run.run?.summary && `Ā ${percent(run.run.summary.averageAccuracy)}`].filter(Boolean).join(' · '),
  dir: run.dir,
});
