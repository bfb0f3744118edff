// Holds the command `hypergradient` against PyTorch's double backward in float64, on problems that are drawn anew each time.
//
//   node scripts/check-hypergradient.mjs [SEED] [FIRST-LAST]     (needs python3 with torch and numpy; PYTHON names another, ENGINE an engine for all)
//
// Prints the relative error ‖g − g*‖ / ‖g*‖ of each and ends with 1 if one exceeds algorithm.md's limit: 1e-4 with the smooth
// activation, 1e-2 with relu, where one unit that changes sign moves the gradient. The same SEED gives the same problems. Beside
// it stands the error of PyTorch's own float32, with relu the worst of eight: how well numbers of that precision determine the gradient at all.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LIMITS = { squareplus: 1e-4, relu: 1e-2 };
/** How often PyTorch's float32 is asked: whether a unit of relu changes sign is left to chance each time. */
const TIMES = { squareplus: 1, relu: 8 };
const seed = Number(process.argv[2] ?? Math.floor(Math.random() * 1e6));

/** A small generator (mulberry32): which problems a seed gives must not depend on the product's own streams. */
let state = seed;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const between = (low, high) => low + Math.floor(random() * (high - low + 1));

/** What each problem must cover; everything else is drawn. */
const PROBLEMS = [
  { network: 'resnet8', activation: 'squareplus', innerBatchNorm: 'frozen', innerSteps: 1 },
  { network: 'resnet8', activation: 'squareplus', innerBatchNorm: 'batch', innerSteps: 10, classes: 3 },
  { network: 'resnet8', activation: 'relu', innerBatchNorm: 'batch', innerSteps: 5 },
  { network: 'resnet14', activation: 'squareplus', innerBatchNorm: 'batch', innerSteps: 5, channels: 1, height: 28, width: 28 },
  { network: 'resnet14', activation: 'relu', innerBatchNorm: 'frozen', innerSteps: 10, classes: 3 },
  { network: 'resnet20', activation: 'squareplus', innerBatchNorm: 'frozen', innerSteps: 5, classes: 100 },
  { network: 'resnet20', activation: 'relu', innerBatchNorm: 'batch', innerSteps: 1, height: 32, width: 32 },
  { network: 'resnet32', activation: 'squareplus', innerBatchNorm: 'frozen', innerSteps: 5, classes: 100, height: 32, width: 32 },
  { network: 'resnet32', activation: 'squareplus', innerBatchNorm: 'batch', innerSteps: 5, height: 32, width: 32 },
  { network: 'resnet32', activation: 'squareplus', innerBatchNorm: 'batch', innerSteps: 10 },
  { network: 'resnet32', activation: 'squareplus', innerBatchNorm: 'frozen', innerSteps: 10, channels: 1 },
  { network: 'resnet32', activation: 'relu', innerBatchNorm: 'frozen', innerSteps: 10 },
  { network: 'resnet32', activation: 'relu', innerBatchNorm: 'batch', innerSteps: 1, classes: 100 },
  { network: 'resnet20', activation: 'squareplus', innerBatchNorm: 'batch', innerSteps: 5, hypergradientMode: 'last-layer' },
  { network: 'resnet14', activation: 'squareplus', innerBatchNorm: 'frozen', innerSteps: 5, hypergradientMode: 'first-order' },
  { engine: 'wasm', network: 'resnet8', activation: 'squareplus', innerBatchNorm: 'frozen', innerSteps: 5 },
  { engine: 'wasm', network: 'resnet8', activation: 'squareplus', innerBatchNorm: 'batch', innerSteps: 3 },
  { engine: 'wasm', network: 'resnet8', activation: 'relu', innerBatchNorm: 'batch', innerSteps: 1, channels: 1 },
].map(drawn);

function drawn({ engine = 'native', ...must }) {
  const exemplars = between(3, 12);
  // With relu one unit that changes sign counts for less among more of them.
  const side = () => (must.activation === 'relu' ? between(24, 32) : between(9, 20));
  const size = { height: side(), width: side() };
  const numbers = { classes: between(4, 12), channels: 3, exemplars, data: exemplars + between(1, 8), seed: between(0, 1e6) };
  // By running statistics a large step makes a deep network's loss rise: nothing is well determined then.
  const innerLearningRate = (must.innerBatchNorm === 'batch' ? between(5, 30) : between(2, 10)) / 1000;
  return { engine: process.env.ENGINE ?? engine, problem: { ...numbers, ...size, innerLearningRate, ...must } };
}

/** The float32 tensor of that name. */
function tensorOf(file, name) {
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE(0));
  const [from, to] = JSON.parse(bytes.subarray(8, 8 + length).toString())[name].data_offsets;
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset + 8 + length + from, bytes.byteOffset + 8 + length + to));
}

function relativeError(actual, expected) {
  const norm = (of) => Math.sqrt(expected.reduce((sum, _, i) => sum + of(i) ** 2, 0));
  return actual.length === expected.length ? norm((i) => actual[i] - expected[i]) / norm((i) => expected[i]) : NaN;
}

const expected = (tensor) => tensorOf(`${name}.expected.safetensors`, tensor);

/** Makes a problem; one that PyTorch's own float32 misses by half of the limit says nothing about us, so another is drawn, with half the rate, and that is told. */
function determined(problem) {
  for (;;) {
    const settings = Object.entries(problem).map(([key, value]) => `${key}=${value}`);
    const oracle = [join(ROOT, 'test/fixtures/hypergradient.py'), name, ...settings, `float32=${TIMES[problem.activation]}`];
    execFileSync(process.env.PYTHON ?? 'python3', oracle, { stdio: 'inherit', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
    const float32 = relativeError(expected('gradient_float32'), expected('gradient'));
    if (float32 <= LIMITS[problem.activation] / 2) return { settings, float32 };
    console.log(`   drawn anew: PyTorch's float32 ${float32.toExponential(1)} for ${settings.join(' ')}`);
    problem.seed++;
    // A smaller step of the inner loop determines it better.
    problem.innerLearningRate /= 2;
  }
}

const [first, last] = (process.argv[3] ?? `1-${PROBLEMS.length}`).split('-').map(Number);
const folder = mkdtempSync(join(tmpdir(), 'check-hypergradient-'));
const name = join(folder, 'problem');
let exceeded = 0;
try {
  console.log(`seed ${seed}`);
  PROBLEMS.forEach(({ engine, problem }, i) => {
    if (i + 1 < first || i + 1 > last) return;
    const { settings, float32 } = determined(problem);
    const call = [
      '--import',
      'tsx',
      join(ROOT, 'src/trainer/cli.ts'),
      'hypergradient',
      `${name}.in.safetensors`,
      `${name}.out.safetensors`,
    ];
    execFileSync(process.execPath, [...call, '--engine', engine], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
    const found = (tensor) => tensorOf(`${name}.out.safetensors`, tensor);
    const gradient = relativeError(found('gradient'), expected('gradient'));
    const loss = relativeError(found('loss'), expected('loss'));
    const fits = gradient <= LIMITS[problem.activation] && loss <= 1e-4;
    if (!fits) exceeded++;
    const errors = `gradient ${gradient.toExponential(1)} (PyTorch's float32 ${float32.toExponential(1)}), loss ${loss.toExponential(1)}`;
    console.log(`${String(i + 1).padStart(2)} ${fits ? 'ok' : 'TOO LARGE'}  ${errors}  ${engine} ${settings.join(' ')}`);
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(exceeded === 0 ? 'All within their limits.' : `${exceeded} beyond their limits.`);
process.exitCode = exceeded === 0 ? 0 : 1;
