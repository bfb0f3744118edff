import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { webviewPolicy } from './webviewPolicy';

export type WebviewEntry = 'dashboard' | 'panel' | 'checkpoint';

const TITLES: Record<WebviewEntry, string> = { dashboard: 'Dashboard', panel: 'Hyperparameters', checkpoint: 'Checkpoint' };

/** Folder of the built webviews: the only one they may read from. */
export const webviewRoot = (extension: vscode.Uri) => vscode.Uri.joinPath(extension, 'dist', 'webview');

/**
 * Gives a webview its page: an empty `#app`, one script and one style sheet of ours, and nothing from elsewhere. Data comes
 * by messages only.
 */
export function fillWebview(webview: vscode.Webview, extension: vscode.Uri, entry: WebviewEntry): void {
  const root = webviewRoot(extension);
  // A panel that was restored may still name the folder of an older version of this extension.
  webview.options = { enableScripts: true, localResourceRoots: [root] };
  const at = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(root, file)).toString();
  const nonce = randomBytes(16).toString('base64url');
  webview.html = `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${webviewPolicy(nonce)}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link nonce="${nonce}" rel="stylesheet" href="${at(`${entry}.css`)}">
  <title>${TITLES[entry]}</title>
</head>
<body>
  <div id="app"></div>
  <script nonce="${nonce}" src="${at(`${entry}.js`)}"></script>
</body>
</html>`;
}
