import type * as vscode from 'vscode';
import { fromCheckpointSchema } from '../../protocol/webviewMessages';
import { fillWebview } from '../webviewPage';
import { answerCheckpoint } from './answerCheckpoint';

/** Shows a `.safetensors` file without loading it: only the header and what is asked for is read. */
export class CheckpointEditor implements vscode.CustomReadonlyEditorProvider {
  static readonly viewType = 'mnemonics.checkpoint';

  constructor(private readonly extension: vscode.Uri) {}

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, { webview }: vscode.WebviewPanel): void {
    webview.onDidReceiveMessage(async (message: unknown) =>
      webview.postMessage(await answerCheckpoint(uri, fromCheckpointSchema.parse(message))),
    );
    fillWebview(webview, this.extension, 'checkpoint');
  }
}
