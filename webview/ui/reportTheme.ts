import { drawNow } from './frame';

/** Outside VS Code nobody writes the theme's class on the body: the reader's system does, and paper is always light. */
export function followSystemTheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const write = (isDark: boolean) => {
    document.body.classList.toggle('vscode-dark', isDark);
    document.body.classList.toggle('vscode-light', !isDark);
  };
  write(dark.matches);
  dark.addEventListener('change', () => write(dark.matches));
  addEventListener('beforeprint', () => write(false));
  // A listener of its own: the canvases hear of the class between the two, and must be drawn before the page is.
  addEventListener('beforeprint', drawNow);
  addEventListener('afterprint', () => write(dark.matches));
}
