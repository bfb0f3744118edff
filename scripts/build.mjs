// Builds dist/: the extension host's bundle, the trainer and command line (one file), the webviews, and what the engines need.
import { build, context } from 'esbuild';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { buildWasmKernels } from './wasmKernels.mjs';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const at = (...parts) => path.join(root, ...parts);
const packageDir = (name) => path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

// What packages import and we never use: zod's sentences in fifty languages, and the protobuf classes that our own encoder of
// graphs stands in for.
const UNUSED = /(zod[\\/].*locales[\\/]index\.(c|m)?js|tfjs-node-gpu[\\/]dist[\\/]proto[\\/]api_pb(\.js)?)$/;
const leaveOut = {
  name: 'leave-out',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /locales\/index\.c?js$|proto\/api_pb$/ }, ({ path: name, resolveDir }) => {
      const file = path.resolve(resolveDir, name);
      return UNUSED.test(file) ? { path: file, namespace: 'left-out' } : undefined;
    });
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'module.exports = {}' }));
  },
};

const common = {
  bundle: true,
  plugins: [leaveOut],
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'warning',
  legalComments: 'none',
  absWorkingDir: root,
};
// The parser's CommonJS build loads its files by a `require` that no bundler can follow; its ESM build can be bundled.
const jsonc = { 'jsonc-parser': path.join(packageDir('jsonc-parser'), 'lib', 'esm', 'main.js') };
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20', alias: jsonc };
const browser = { ...common, platform: 'browser', format: 'iife', target: 'es2022' };

const bundles = [
  { ...node, entryPoints: { extension: 'src/extension/extension.ts' }, external: ['vscode'], outdir: 'dist' },
  {
    ...node,
    // The command line, and the threads that decode images and run the wasm engine's kernels for it.
    entryPoints: {
      cli: 'src/trainer/cli.ts',
      imageWorker: 'src/data/images/imageWorker.ts',
      kernelThread: 'src/engine/wasm/kernelThread.ts',
    },
    outdir: 'dist',
    // One copy of tfjs-core, and none of the union package's layers and converters.
    alias: { ...jsonc, '@tensorflow/tfjs': '@tensorflow/tfjs-core' },
  },
  ...['dashboard', 'panel', 'checkpoint', 'report']
    .filter((name) => existsSync(at('webview', `${name}.ts`)))
    .map((name) => ({ ...browser, entryPoints: { [name]: `webview/${name}.ts` }, outdir: 'dist/webview' })),
].filter(({ entryPoints }) => Object.values(entryPoints).every((file) => existsSync(at(file))));

if (!watch) await rm(at('dist'), { recursive: true, force: true });
await mkdir(at('dist'), { recursive: true });
await Promise.all(bundles.map(async (options) => (watch ? (await context(options)).watch() : build(options))));

await buildWasmKernels(at('dist', 'wasm'));
await cp(path.join(packageDir('@tensorflow/tfjs-node-gpu'), 'binding'), at('dist', 'native-src', 'binding'), { recursive: true });
await cp(at('src', 'engine', 'native', 'convolutions'), at('dist', 'native-src', 'convolutions'), { recursive: true });
await cp(path.join(packageDir('node-api-headers'), 'include'), at('dist', 'native-src', 'napi-include'), { recursive: true });

// Generated from the one zod schema by the built command line itself, so that it can't differ from what the child accepts.
if (existsSync(at('dist', 'cli.js'))) {
  const { execFileSync } = await import('node:child_process');
  await writeFile(at('dist', 'experiment.schema.json'), execFileSync(process.execPath, [at('dist', 'cli.js'), 'schema']));
}
