import { webviewPolicy } from '../../../src/extension/webviewPolicy';
import type { Theme } from '../themes';
import type { PageName } from './bundle';

export const ORIGIN = 'http://webview.test';
const NONCE = 'n0nc3';

/** The page that VS Code's webview would show: its CSP as the product sets it, its theme variables and its body. */
export function webviewHtml(page: PageName, theme: Theme): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${webviewPolicy(NONCE)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style nonce="${NONCE}">:root { ${Object.entries(theme.variables)
    .map(([name, value]) => `--vscode-${name}: ${value};`)
    .join(' ')} } body { margin: 0; padding: 0 20px; background: transparent; color: var(--vscode-editor-foreground); }</style>
<link nonce="${NONCE}" rel="stylesheet" href="${ORIGIN}/${page}.css"><title>${page}</title></head>
<body class="${theme.bodyClass}" data-vscode-theme-kind="${theme.kind}"><div id="app"></div>
<script nonce="${NONCE}" src="${ORIGIN}/${page}.js"></script></body></html>`;
}
