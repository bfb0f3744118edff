import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { EXPERIMENT_SUFFIX } from '../../protocol/runLayout';
import { experimentName } from './experimentFiles';
import { fromTemplate } from './experimentText';

/** A copy of the demo, which is part of the extension, under another name. */
async function demoNamed(name: string, extension: vscode.Uri): Promise<Uint8Array> {
  const template = await readFile(path.join(extension.fsPath, 'examples', `demo${EXPERIMENT_SUFFIX}`), 'utf8');
  return Buffer.from(fromTemplate(template, name));
}

/** Writes the demo's experiment file into the workspace, unless it is there already. Undefined where no folder is open. */
export async function createDemo(extension: vscode.Uri): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) return void offerFolder();
  const uri = vscode.Uri.joinPath(folder.uri, `demo${EXPERIMENT_SUFFIX}`);
  if (!(await exists(uri))) await vscode.workspace.fs.writeFile(uri, await demoNamed('demo', extension));
  return uri;
}

/** Asks for a name and opens a new experiment file of that name. */
export async function newExperiment(extension: vscode.Uri): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) return void offerFolder();
  const at = (name: string) => vscode.Uri.joinPath(folder.uri, `${name}${EXPERIMENT_SUFFIX}`);
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('New Experiment File'),
    prompt: vscode.l10n.t('Name of the experiment; the file is named after it.'),
    value: 'demo',
    validateInput: async (text) => {
      if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/.test(text))
        return vscode.l10n.t('Use 1 to 60 letters, digits, dots, dashes or underscores.');
      return (await exists(at(text))) ? vscode.l10n.t('This file exists already; take another name.') : undefined;
    },
  });
  if (name === undefined) return undefined;
  const uri = at(name);
  await vscode.workspace.fs.writeFile(uri, await demoNamed(experimentName(uri), extension));
  await vscode.window.showTextDocument(uri);
  return uri;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

function offerFolder(): void {
  const open = vscode.l10n.t('Open Folder');
  void vscode.window
    .showInformationMessage(vscode.l10n.t('Open a folder first: experiments and runs are stored in it.'), open)
    .then((choice) => {
      if (choice === open) void vscode.commands.executeCommand('vscode.openFolder');
    });
}
