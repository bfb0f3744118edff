// Packs the extension: a production build, the built-in data, one VSIX. Fails where something gets in that has no place there.
// On Linux x64 it carries the native engine's binding, built from the sources that it carries, too: its users need no compiler.
// --fast packs the data less tightly (for tests; the content is the same), --out FILE names the package.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { createVSIX, listFiles } from '@vscode/vsce';

const root = path.resolve(path.dirname(new URL(import.meta.url).pathname), '..');
const at = (...parts) => path.join(root, ...parts);
/** Sources, source maps, installed packages, hidden files. `dist/webview` is built; a top-level `webview` is source. */
const MISPLACED = /^(src|test|webview|scripts)\/|(^|\/)node_modules\/|\.map$|\.ts$|(^|\/)\./;

const fast = process.argv.includes('--fast');
/** Loosely packed data takes 2.4 MiB more; what users get has the smaller budget. */
const maxMiB = fast ? 15 : 12;
const outFlag = process.argv.indexOf('--out');
const { name, version } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
const packagePath = outFlag < 0 ? at(`${name}-${version}.vsix`) : path.resolve(process.argv[outFlag + 1]);

const node = (script, ...args) => execFileSync(process.execPath, [at('scripts', script), ...args], { cwd: root, stdio: 'inherit' });
node('build.mjs', '--production');
if (existsSync(at('scripts', 'embed-data.mjs'))) node('embed-data.mjs', ...(fast ? ['--quality', '3'] : []));
prebuildBinding();

// There is no published repository that relative links in the README could be rewritten to.
const options = { cwd: root, dependencies: false, rewriteRelativeLinks: false };
const files = await listFiles(options);
const sizes = files.map((file) => ({ file, bytes: statSync(at(file)).size })).sort((a, b) => b.bytes - a.bytes);
for (const { file, bytes } of sizes) console.log(`${(bytes / 1024).toFixed(1).padStart(9)} KiB  ${file}`);
mkdirSync(path.dirname(packagePath), { recursive: true });
await createVSIX({ ...options, packagePath, allowMissingRepository: true, skipLicense: !existsSync(at('LICENSE')) });

const mib = statSync(packagePath).size / 2 ** 20;
console.log(`${path.relative(process.cwd(), packagePath)}: ${mib.toFixed(2)} MiB, ${files.length} files`);
const wrong = files.filter((file) => MISPLACED.test(file));
if (wrong.length > 0) fail(`These files have no place in the package; keep them out in .vscodeignore: ${wrong.join(', ')}`);
if (mib > maxMiB) fail(`The package is larger than ${maxMiB} MiB; see above what takes the room.`);

/** The build is reproducible, so one of an earlier package is as good while sources and compiler are the same. */
function prebuildBinding() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  const kept = at('.cache', 'native-prebuilt', 'linux-x64');
  const { status } = spawnSync(process.execPath, [at('dist', 'cli.js'), 'engine', 'prebuild', kept], { stdio: 'inherit' });
  if (status === 0) cpSync(kept, at('dist', 'native-prebuilt', 'linux-x64'), { recursive: true });
  else console.error('The package carries no prebuilt binding (see above); its users need g++ to install the native engine.');
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
