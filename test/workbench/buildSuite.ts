import { build } from 'esbuild';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');

/** Builds the tests that run inside the extension host, every one that is found, and gives the path of their entry. */
export async function buildSuite(): Promise<string> {
  const folder = path.join(__dirname, 'suite');
  const tests = (await readdir(folder)).filter((file) => file.endsWith('.test.ts'));
  const outdir = path.join(root, '.cache', 'test-workbench', 'suite');
  await rm(outdir, { recursive: true, force: true });
  await build({
    entryPoints: ['index.ts', ...tests].map((file) => path.join(folder, file)),
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return path.join(outdir, 'index.js');
}
