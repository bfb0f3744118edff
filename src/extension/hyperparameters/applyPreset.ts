import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Preset } from '../../protocol/presets';
import { EXPERIMENT_SUFFIX } from '../../protocol/runLayout';
import { presetText } from '../experiments/experimentText';

/**
 * Puts a preset's settings, with its comments, in the place of an experiment file's, once the person has agreed. The file keeps
 * its name and where its data are; the editor's undo takes it back.
 */
export async function applyPreset(extension: vscode.Uri, uri: vscode.Uri, preset: Preset): Promise<void> {
  const replace = vscode.l10n.t('Replace');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Replace the settings in {0} by the preset {1}?', vscode.workspace.asRelativePath(uri), preset),
    { modal: true, detail: vscode.l10n.t('Its name and its data folder stay. Undo in the file takes it back.') },
    replace,
  );
  if (answer !== replace) return;
  const template = await readFile(path.join(extension.fsPath, 'examples', `${preset}${EXPERIMENT_SUFFIX}`), 'utf8');
  const document = await vscode.workspace.openTextDocument(uri);
  const text = document.getText();
  const wasDirty = document.isDirty;
  const change = new vscode.WorkspaceEdit();
  change.replace(uri, new vscode.Range(document.positionAt(0), document.positionAt(text.length)), presetText(template, text, preset));
  if ((await vscode.workspace.applyEdit(change)) && !wasDirty) await document.save();
}
