import * as vscode from 'vscode';
import { fieldEdits, readExperimentText } from '../experiments/experimentText';

/**
 * Gives a field of an experiment file a value through the text document, so that the editor's undo takes it back. A document
 * that had unsaved changes keeps its unsaved state; another one is saved, because a run reads the file.
 */
export async function editField(uri: vscode.Uri, field: string, value: unknown): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const text = document.getText();
  // The panel shows the syntax error; an edit in a text that can't be parsed could spoil it.
  if (!readExperimentText(text, '').editable) return;
  const wasDirty = document.isDirty;
  const change = new vscode.WorkspaceEdit();
  for (const { offset, length, content } of fieldEdits(text, field, value)) {
    change.replace(uri, new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)), content);
  }
  if ((await vscode.workspace.applyEdit(change)) && !wasDirty) await document.save();
}
