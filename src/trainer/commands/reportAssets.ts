import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportAssets } from '../../store/reportPage';

/** Where the built webviews are: beside the bundle, or from a source file in the checkout's `dist`. */
const FOLDERS = ['webview', join('..', '..', '..', 'dist', 'webview')];

/** The built report page's script and style; null where they haven't been built. */
export async function reportAssets(): Promise<ReportAssets | null> {
  for (const folder of FOLDERS) {
    const text = (name: string) => readFile(join(__dirname, folder, name), 'utf8').catch(() => null);
    const [js, css] = await Promise.all([text('report.js'), text('report.css')]);
    if (js !== null) return { js, css: css ?? '' };
  }
  return null;
}
