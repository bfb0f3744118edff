/**
 * What a webview's page may do: run the one script and use the style sheets that carry its nonce. Pictures are drawn from pixels that
 * come by message; nothing is fetched, framed or sent.
 */
export const webviewPolicy = (nonce: string): string =>
  `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
