import path from 'node:path';
import * as vscode from 'vscode';
import { EXPERIMENT_SUFFIX } from '../../protocol/runLayout';
import { readExperimentText } from './experimentText';

export const isExperiment = (uri: vscode.Uri) => uri.scheme === 'file' && uri.path.endsWith(EXPERIMENT_SUFFIX);

/** Every experiment file of the workspace, sorted by path. Files under runs and node_modules are none of the user's own. */
export async function findExperiments(): Promise<vscode.Uri[]> {
  const found = await vscode.workspace.findFiles(`**/*${EXPERIMENT_SUFFIX}`, '**/{node_modules,runs}/**', 200);
  return found.sort((a, b) => a.path.localeCompare(b.path));
}

/** The experiment file in the active text editor, if there is one. */
export function activeExperiment(): vscode.Uri | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri && isExperiment(uri) ? uri : undefined;
}

/** Lets the user choose among several files; nothing is asked where there is one. Undefined where there is none or none was chosen. */
export async function chooseExperiment(files: readonly vscode.Uri[]): Promise<vscode.Uri | undefined> {
  if (files.length <= 1) return files[0];
  const items = await Promise.all(
    files.map(async (uri) => {
      const { values } = readExperimentText((await vscode.workspace.openTextDocument(uri)).getText(), '');
      const word = (field: string) => (typeof values[field] === 'string' ? values[field] : undefined);
      const detail = [word('exemplarMethod'), word('host'), word('dataSet')].filter(Boolean).join(' · ');
      return { label: word('name') ?? experimentName(uri), description: vscode.workspace.asRelativePath(uri), detail, uri };
    }),
  );
  const placeHolder = vscode.l10n.t('Choose the experiment to run');
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.uri;
}

/** Name of an experiment file without its suffix. */
export const experimentName = (uri: vscode.Uri) => path.basename(uri.path, EXPERIMENT_SUFFIX);
