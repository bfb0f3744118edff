// Mnemonics Lab and PyTorch on this machine, taking turns: `node scripts/bench/compare.mjs [--python PATH] [--only training,evaluation,outer-step]
// [--inner-steps 5,20] [--alternations N] [--network resnet32] [--batch 128] [--classes 100] [--exemplars 128] [--data 128] [--threads N]
// [--seconds 1] [--engine native] [--write]`. Needs `npm run build`, an engine, and a Python with PyTorch 2.5.1 (--python, or $PYTHON).
// --write puts each table that was measured into BENCHMARKS.md.
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { ours, pytorch, spreadOf } from './contender.mjs';
import { callOf, machine, table, three, warnWhereBusy, writePart } from './page.mjs';

const TORCH = '2.5.1';
const text = { type: 'string' };
const { values } = parseArgs({
  options: {
    ...Object.fromEntries(['python', 'network', 'batch', 'classes', 'exemplars', 'data', 'seconds', 'engine'].map((name) => [name, text])),
    only: { ...text, default: 'training,evaluation,outer-step' },
    'inner-steps': { ...text, default: '5,20' },
    alternations: text,
    forms: text,
    threads: { ...text, default: String(os.availableParallelism()) },
    write: { type: 'boolean', default: false },
  },
});
const python = values.python ?? process.env.PYTHON ?? 'python3';
const { network, batch, classes, exemplars, data, seconds, threads } = values;
const engine = values.engine ?? 'native';
const sizes = { network, batch, classes, seconds };
const outerSizes = { ...sizes, exemplars, data };
const ourThreads = { env: { TF_NUM_INTRAOP_THREADS: threads } };
const theirThreads = { env: { OMP_NUM_THREADS: threads } };

const torch = torchVersion();
const here = machine({ PyTorch: torch });
console.log(`${here}\n`);
warnWhereBusy();
if (!torch.startsWith(TORCH)) console.log(`PyTorch is ${torch}; the figures in BENCHMARKS.md are against ${TORCH}.\n`);

const only = values.only.split(',');
if (only.includes('training')) await compareRates('training', 'training');
if (only.includes('evaluation')) await compareRates('evaluation', 'evaluation');
if (only.includes('outer-step')) for (const k of values['inner-steps'].split(',')) await compareOuterSteps(k);

/** Images a second; the more the better. */
async function compareRates(name, measurement) {
  const own = () => ours(`Mnemonics Lab, ${engine}`, measurement, { ...sizes, engine }, ourThreads);
  // What a run evaluates at a time is its own business; PyTorch gets the same.
  const others = ({ images }) =>
    ['contiguous', 'channels_last'].map((layout) =>
      pytorch(`PyTorch, ${layout}`, python, measurement, { ...sizes, batch: images, layout, threads }, theirThreads),
    );
  const contenders = await takeTurns(name, own, others, Number(values.alternations ?? 7));
  const rates = contenders.map(({ name: who, ready, repeats }) => ({
    who,
    ...spreadOf(repeats.map((repeat) => ready.images / repeat.seconds)),
    turns: repeats.map((repeat) => ready.images / repeat.seconds),
    pageFaults: spreadOf(repeats.map((repeat) => repeat.pageFaults)).median,
  }));
  const [mine] = rates;
  const rows = rates.map(({ who, median, low, high, turns, pageFaults }) => [
    who,
    three(median),
    `${three(low)} – ${three(high)}`,
    ...(turns === mine.turns ? ['', ''] : [(mine.median / median).toFixed(2), ratios(mine.turns, turns)]),
    pageFaults.toFixed(0),
  ]);
  publish(
    name,
    `${network ?? 'resnet32'}, batches of ${contenders[0].ready.images}, images a second`,
    ['', 'median', 'quartiles', 'our median ÷ theirs', 'ratio in each turn', 'page faults a call'],
    rows,
  );
}

/** Seconds; the fewer the better. */
async function compareOuterSteps(k) {
  const options = { ...outerSizes, 'inner-steps': k };
  const own = () => ours(`Mnemonics Lab, ${engine}`, 'outer-step', { ...options, engine }, ourThreads);
  const forms = {
    fastest: [
      ['create_graph, channels_last', 'create-graph', { layout: 'channels_last' }],
      ['reverse sweep, channels_last', 'reverse-sweep', { layout: 'channels_last' }],
    ],
    slower: [['create_graph, contiguous', 'create-graph', { layout: 'contiguous' }]],
    // As PyTorch is usually written. With twenty steps one of them takes most of 24 GiB.
    'module-contiguous': [
      ['create_graph, contiguous, batch norm as a module', 'create-graph', { layout: 'contiguous', 'batch-norm': 'module' }],
    ],
    'module-channels-last': [
      ['create_graph, channels_last, batch norm as a module', 'create-graph', { layout: 'channels_last', 'batch-norm': 'module' }],
    ],
  };
  // With many steps a turn of each takes minutes: only PyTorch's fastest forms then, unless others are asked for.
  const wanted = (values.forms ?? (k < 10 ? Object.keys(forms).join() : 'fastest')).split(',');
  const unknown = wanted.find((form) => !forms[form]);
  if (unknown !== undefined) throw new Error(`--forms has no "${unknown}"; it takes ${Object.keys(forms).join(', ')}.`);
  const others = () =>
    wanted
      .flatMap((form) => forms[form])
      .map(([name, task, form]) => pytorch(`PyTorch, ${name}`, python, task, { ...options, ...form, threads }, theirThreads));
  const contenders = await takeTurns(`outer step, K = ${k}`, own, others, Number(values.alternations ?? (k < 10 ? 5 : 3)));
  const times = contenders.map(({ name, repeats }) => ({
    name,
    ...spreadOf(repeats.map((repeat) => repeat.seconds)),
    turns: repeats.map((repeat) => repeat.seconds),
    memory: Math.max(...repeats.map((repeat) => repeat.peakMemoryMiB)),
  }));
  const [mine] = times;
  const rows = times.map(({ name, median, low, high, turns, memory }) => [
    name,
    three(median),
    `${three(low)} – ${three(high)}`,
    ...(turns === mine.turns ? ['', ''] : [(median / mine.median).toFixed(2), ratios(turns, mine.turns)]),
    `${(memory / 1024).toFixed(2)} GiB`,
  ]);
  publish(
    values.forms ? `outer step ${k} ${values.forms}` : `outer step ${k}`,
    `${network ?? 'resnet32'}, m = ${exemplars ?? 128}, n = ${data ?? 128}, K = ${k}, seconds`,
    ['', 'median', 'quartiles', 'their median ÷ ours', 'ratio in each turn', 'peak memory'],
    rows,
  );
}

function ratios(above, below) {
  return above.map((value, i) => (value / below[i]).toFixed(2)).join(', ');
}

/** Warms everybody up, one after the other, and then lets them take turns. */
async function takeTurns(name, own, others, turns) {
  const contenders = [own()];
  try {
    const ready = await contenders[0].warmUp();
    for (const other of others(ready)) contenders.push(other);
    for (const contender of contenders.slice(1)) {
      say(`${name}: ${contender.name} warms up`);
      await contender.warmUp();
    }
    for (let turn = 0; turn < turns; turn++)
      for (const contender of contenders) {
        say(`${name}: turn ${turn + 1} of ${turns}, ${contender.name}`);
        await contender.repeat();
      }
    say('');
    return contenders;
  } finally {
    for (const contender of contenders) contender.end();
  }
}

/** One line that is redrawn on a terminal; elsewhere nothing, since the tables come one by one. */
function say(line) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
}

function publish(name, title, head, rows) {
  const result = table(head, rows);
  console.log(`${title}\n\n${result}\n`);
  if (values.write) writePart(`compare ${name}`, `${here}\n\n${threads} threads. ${title}:\n\n${result}\n\n\`${callOf('compare.mjs')}\``);
}

function torchVersion() {
  try {
    return execFileSync(python, ['-c', 'import torch; print(torch.__version__)'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  } catch (error) {
    const why = error.code === 'ENOENT' ? 'is not there' : 'has no PyTorch';
    console.error(`${python} ${why}; name a Python that has PyTorch ${TORCH} with --python or $PYTHON.`);
    process.exit(2);
  }
}
