import path from 'node:path';
import * as vscode from 'vscode';

/** Folder of a workspace folder's runs, by the setting `mnemonics.runsFolder`. */
export function runsFolderOf(folder: vscode.WorkspaceFolder): string {
  const setting = vscode.workspace.getConfiguration('mnemonics', folder.uri).get<string>('runsFolder', 'runs');
  return path.resolve(folder.uri.fsPath, setting || 'runs');
}

/** Folder in which an experiment file's runs are stored; beside the file where it belongs to no workspace folder. */
export function runsFolderFor(experiment: vscode.Uri): string {
  const folder = vscode.workspace.getWorkspaceFolder(experiment);
  return folder ? runsFolderOf(folder) : path.join(path.dirname(experiment.fsPath), 'runs');
}

/** The folders of runs of all workspace folders, each once. */
export const allRunsFolders = () => [
  ...new Set((vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(runsFolderOf)),
];
