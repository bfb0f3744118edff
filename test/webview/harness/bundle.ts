import { build } from 'esbuild';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const PAGES = ['dashboard', 'panel', 'checkpoint', 'report'] as const;
export type PageName = (typeof PAGES)[number];

const root = path.resolve(__dirname, '../../..');

/** Bundles the pages as the product's build does, into a folder of this test's own. */
export async function bundlePages(): Promise<string> {
  const outdir = mkdtempSync(path.join(tmpdir(), 'mnemonics-webview-'));
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(PAGES.map((name) => [name, `webview/${name}.ts`])),
    outdir,
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    logLevel: 'warning',
  });
  return outdir;
}
