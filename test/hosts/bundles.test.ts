import assert from 'node:assert/strict';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(__dirname, '../..');

/** Hosts stand in these bundles with their fields; the math that they are handed does not. */
describe('bundles without a tensor library', function () {
  this.timeout(60_000);
  for (const entry of [
    'src/extension/extension.ts',
    'webview/dashboard.ts',
    'webview/panel.ts',
    'webview/checkpoint.ts',
    'webview/report.ts',
  ]) {
    it(entry, async () => {
      const { metafile } = await build({
        entryPoints: [join(ROOT, entry)],
        absWorkingDir: ROOT,
        bundle: true,
        write: false,
        metafile: true,
        outdir: 'unused',
        platform: entry.startsWith('src') ? 'node' : 'browser',
        external: ['vscode'],
        logLevel: 'silent',
      });
      const files = Object.keys(metafile.inputs);
      assert.deepEqual(
        files.filter((file) => /@tensorflow|^src\/(learning|ops|engine|trainer)\//.test(file)),
        [],
      );
      if (entry.includes('panel') || entry.includes('extension')) assert.ok(files.includes('src/hosts/lucir.ts'));
    });
  }
});
