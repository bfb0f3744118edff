// `npm run quickstart`: from a fresh clone to a trained demo and its pictures, with nothing to set up.
//   --compare       trains with random, herded and learned exemplars and compares the three
//   --engine NAME   auto (default), native, webgpu or wasm
//   --set F=VALUE   sets a field of the experiment, such as epochs=2; may be repeated
// Uses Node's own modules only: it runs before anything is installed. Writes runs/, dist/ and node_modules/, which git ignores.
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const cli = path.join(root, 'dist', 'cli.js');
const METHODS = ['random', 'herding', 'mnemonics'];
const STOPPED = 130;

const say = (text) => process.stdout.write(`${text}\n`);

class Failure extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

function parseCall(args) {
  const call = { compare: false, engine: 'auto', sets: [] };
  for (let i = 0; i < args.length; i++) {
    const [name, ...rest] = args[i].split('=');
    const value = () => {
      const found = rest.length > 0 ? rest.join('=') : args[++i];
      if (found === undefined) throw new Failure(`quickstart needs a value for ${name}; give one.`, 2);
      return found;
    };
    if (name === '--compare') call.compare = true;
    else if (name === '--engine') call.engine = value();
    else if (name === '--set') call.sets.push(value());
    else throw new Failure(`quickstart has no option ${args[i]}; use --compare, --engine NAME or --set FIELD=VALUE.`, 2);
  }
  return call;
}

/** Runs a program to its end. Shown programs have the terminal; of others the output is returned. */
function run(program, args, { shown = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: shown ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', all: '' };
    child.stdout?.on('data', (chunk) => {
      output.stdout += chunk;
      output.all += chunk;
    });
    child.stderr?.on('data', (chunk) => (output.all += chunk));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? (signal === 'SIGINT' ? STOPPED : 1), ...output }));
  });
}

/** npm, as it was started; on its own where this script was started without it. */
function npm(args) {
  const script = process.env.npm_execpath;
  if (script && /\.c?js$/.test(script)) return run(process.execPath, [script, ...args]);
  return process.platform === 'win32' ? run('cmd', ['/c', 'npm', ...args]) : run('npm', args);
}

async function quietly(title, job) {
  say(`${title} …`);
  const { code, all } = await job();
  if (code === STOPPED) throw new Failure('Stopped.', STOPPED);
  if (code !== 0) throw new Failure(`${all.trim()}\n\n${title} failed with exit code ${code}; what it said is above.`);
}

function packagesAreCurrent() {
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(path.join(root, 'package-lock.json')).mtimeMs;
}

/** Installs the native engine if it isn't there. Where that fails the demo still runs, more slowly. */
async function prepareEngine(engine) {
  if (engine !== 'auto' && engine !== 'native') return;
  const described = await run(process.execPath, [cli, 'engine', '--quick', '--json']);
  if (described.code === 0) {
    const { engine: chosen, engines } = JSON.parse(described.stdout);
    // A GPU without CUDA has its own engine, which needs no installation.
    if (engine === 'auto' ? chosen !== 'wasm' : engines.some(({ name, available }) => name === 'native' && available)) return;
  }
  say('Installing the native engine (TensorFlow, several hundred megabytes where it must be downloaded) …');
  const { code } = await run(process.execPath, [cli, 'engine', 'install'], { shown: true });
  if (code === STOPPED) throw new Failure('Stopped.', STOPPED);
  if (code === 0) return;
  if (engine === 'native') throw new Failure('The native engine is not there; leave out --engine to go on with another.', 4);
  say('The run goes on with the wasm engine, which needs no installation and is slower.');
}

function stamp(now) {
  const two = (n) => String(n).padStart(2, '0');
  return `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}

async function train(runDir, { engine, sets }) {
  const settings = sets.flatMap((set) => ['--set', set]);
  const args = [cli, 'run', 'examples/demo.mnemonics.json', '--out', runDir, '--engine', engine, ...settings];
  const { code } = await run(process.execPath, args, { shown: true });
  if (code !== 0) throw new Failure('', code);
}

async function main() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20)
    throw new Failure(
      `Mnemonics Lab needs Node.js 20 or newer and this is ${process.versions.node}; install a newer one from https://nodejs.org.`,
    );
  const call = parseCall(process.argv.slice(2));
  if (!packagesAreCurrent()) await quietly('Installing packages (npm ci)', () => npm(['ci', '--no-audit', '--no-fund']));
  await quietly('Building (npm run build)', () => npm(['run', 'build']));
  await prepareEngine(call.engine);
  const now = stamp(new Date());
  let pictures;
  if (call.compare) {
    const runDirs = METHODS.map((method) => path.join('runs', `compare-${now}-${method}`));
    for (const [i, method] of METHODS.entries()) {
      say(`\n${i + 1} of ${METHODS.length}: ${method} exemplars`);
      await train(runDirs[i], { ...call, sets: [...call.sets, `exemplarMethod=${method}`] });
    }
    pictures = path.join('runs', `compare-${now}.html`);
    say('');
    const { code } = await run(process.execPath, [cli, 'report', ...runDirs, '--out', pictures], { shown: true });
    if (code !== 0) throw new Failure('', code);
  } else {
    const runDir = path.join('runs', `quickstart-${now}`);
    await train(runDir, call);
    pictures = path.join(runDir, 'report.html');
  }
  say(`
Pictures: open ${pictures} in a browser.
Next: open this folder in VS Code and press F5; in the window that opens, "Mnemonics: Start Run" trains while you watch.${call.compare ? '' : '\nTo compare with random and herded exemplars: npm run quickstart -- --compare'}`);
}

// Ctrl+C reaches the program that is running, too; it ends in its own way and says how to go on.
process.on('SIGINT', () => {});

main().catch((error) => {
  if (!(error instanceof Failure)) throw error;
  if (error.message) process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
});
