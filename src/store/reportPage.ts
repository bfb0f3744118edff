import { createHash, randomBytes } from 'node:crypto';
import { REPORT_DATA_ELEMENT_ID, type ReportData } from '../protocol/reportData';

/** The built webview of the report, as text. */
export interface ReportAssets {
  readonly js: string;
  readonly css: string;
}

/**
 * The report's HTML: data, script and style inside, nothing fetched. Its policy allows this one script by its hash and no
 * other, so that a page sent by mail can do nothing but show itself. Styles have a nonce, which the script hands on to those
 * that the controls add.
 */
export function reportPage(data: ReportData, title: string, assets: ReportAssets): string {
  const script = scriptText(assets.js);
  const hash = createHash('sha256').update(script).digest('base64');
  const nonce = randomBytes(16).toString('base64url');
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} – Mnemonics Lab</title>
<style nonce="${nonce}">${assets.css.replace(/<\/style/gi, '<\\/style')}</style>
</head>
<body>
<div id="app"></div>
<script type="application/json" id="${REPORT_DATA_ELEMENT_ID}">${jsonText(data)}</script>
<script nonce="${nonce}">${script}</script>
</body>
</html>
`;
}

/** JSON in which no character can end the script element or begin a comment. */
const jsonText = (data: ReportData): string => JSON.stringify(data).replaceAll('<', '\\u003c');

/**
 * A script that HTML doesn't end early: `</script`, `<script` and `<!--` stand in strings and regular expressions only,
 * where `\x3c` means the same. Line breaks as the HTML parser will see them, because the hash is over those.
 */
const scriptText = (js: string): string => js.replaceAll('\r\n', '\n').replace(/<(?=\/script|script|!--)/gi, '\\x3c');

const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
