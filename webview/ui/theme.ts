export type ThemeKind = 'light' | 'dark' | 'high-contrast' | 'high-contrast-light';

/** The theme as VS Code writes it on the body; outside VS Code, the report writes the same class. */
export function themeKind(): ThemeKind {
  const { classList } = document.body;
  if (classList.contains('vscode-high-contrast-light')) return 'high-contrast-light';
  if (classList.contains('vscode-high-contrast')) return 'high-contrast';
  return classList.contains('vscode-light') ? 'light' : 'dark';
}

export const isLight = (kind: ThemeKind): boolean => kind === 'light' || kind === 'high-contrast-light';

/** The value of a theme variable such as `--vscode-charts-blue`; where the theme has none, that of the fallback's. */
export function themeColour(name: string, fallback = '--vscode-foreground'): string {
  const styles = getComputedStyle(document.body);
  return styles.getPropertyValue(name).trim() || styles.getPropertyValue(fallback).trim() || 'gray';
}

/** Canvases can't follow CSS variables: they are drawn anew when the theme's class on the body changes. */
export function onThemeChange(redraw: () => void): void {
  const observer = new MutationObserver(redraw);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
}
