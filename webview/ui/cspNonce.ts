/**
 * Must be imported before the toolkit. The toolkit probes `:focus-visible` with an empty style element, which the CSP refuses
 * (and the probe then fails) unless the element carries the page's nonce, which it takes from this meta element.
 */
const nonce = document.currentScript instanceof HTMLScriptElement ? document.currentScript.nonce : '';
if (nonce && !document.querySelector('meta[property="csp-nonce"]')) {
  const meta = document.createElement('meta');
  meta.setAttribute('property', 'csp-nonce');
  meta.content = nonce;
  document.head.append(meta);
}
export {};
