// Where the time of a step goes on the native engine: `node scripts/bench/profile.mjs [training|evaluation|outer-step] [--network resnet32]
// [--batch 128] [--exemplars 128] [--data 128] [--inner-steps 5] [--threads N] [--rows 12] [--write]`. One process runs recorded graphs while oneDNN
// reports each of its primitives; what the wall clock shows beyond them are TensorFlow's other ops, copies and waiting. A second
// process runs the same step op by op and times each, which says what those others are: fusions that a graph makes are not in it.
import os from 'node:os';
import { parseArgs } from 'node:util';
import { ours } from './contender.mjs';
import { callOf, machine, table, three, warnWhereBusy, writePart } from './page.mjs';

const text = { type: 'string' };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...Object.fromEntries(['network', 'batch', 'exemplars', 'data', 'inner-steps'].map((name) => [name, text])),
    threads: { ...text, default: String(os.availableParallelism()) },
    rows: { ...text, default: '12' },
    write: { type: 'boolean', default: false },
  },
});
const [measurement = 'training'] = positionals;
const { threads, rows: shown, write, ...sizes } = values;
const options = { ...sizes, engine: 'native', seconds: '0.5' };
const TURNS = 3;

const here = machine();
warnWhereBusy();
const graph = await ofGraph();
const ops = await opByOp();
const what = `${measurement}, ${sizes.network ?? 'resnet32'}, ${threads} threads`;
const result = [
  `${what}: a call of the graph takes ${three(graph.wall)} ms, one op by op ${three(ops.wall)} ms.`,
  graph.table,
  ops.table,
].join('\n\n');
console.log(`${here}\n\n${result}`);
if (write) writePart(`profile ${measurement}`, `${here}\n\n${result}\n\n\`${callOf('profile.mjs')}\``);

/** oneDNN's primitives by kind, then by shape. */
async function ofGraph() {
  let lines = [];
  const contender = ours('graph', measurement, options, {
    env: { TF_NUM_INTRAOP_THREADS: threads, ONEDNN_VERBOSE: '1' },
    onOther: (line) => lines.push(line),
  });
  try {
    await contender.warmUp();
    const calls = [];
    for (let turn = 0; turn < TURNS; turn++) {
      lines = [];
      const repeat = await contender.repeat();
      calls.push({ ...repeat, primitives: lines.flatMap(primitiveOf) });
    }
    const best = calls.reduce((a, b) => (b.seconds < a.seconds ? b : a));
    const wall = 1000 * best.seconds;
    const per = (key) => summed(best.primitives, key, best.calls);
    const kinds = per(({ kind }) => kind);
    const rest = wall - kinds.reduce((total, { ms }) => total + ms, 0);
    const row = (name, { calls: n, ms, gflop }) => [name, n, three(ms), share(ms, wall), gflop > 0 ? three((1000 * gflop) / ms) : ''];
    const shapes = per(({ kind, shape }) => `${kind} ${shape}`);
    return {
      wall,
      table: [
        table(
          ['oneDNN primitive', 'a call has', 'ms', 'of the wall clock', 'GFLOP/s'],
          [...kinds.map((kind) => row(kind.key, kind)), ['everything else', '', three(rest), share(rest, wall), '']],
        ),
        table(
          ['oneDNN primitive and shape', 'a call has', 'ms', 'of the wall clock', 'GFLOP/s'],
          shapes.slice(0, Number(shown)).map((shape) => row(shape.key, shape)),
        ),
      ].join('\n\n'),
    };
  } finally {
    contender.end();
  }
}

/** `onednn_verbose,v1,primitive,exec,cpu,KIND,IMPLEMENTATION,DIRECTION,MEMORY,ATTRIBUTES,AUXILIARY,SHAPES,MS` */
function primitiveOf(line) {
  if (!line.startsWith('onednn_verbose') || !line.includes(',exec,')) return [];
  const cells = line.split(',');
  const at = cells.indexOf('exec');
  const [, , kind, , direction] = cells.slice(at);
  const ms = Number(cells.at(-1));
  const shape = cells.at(-2);
  const directed = direction === 'undef' ? kind : `${kind}, ${direction.replace(/_(training|inference)$/, '').replace('_', ' by ')}`;
  return [{ kind: directed, shape, ms, gflop: kind === 'convolution' ? convolutionGflop(shape) : 0 }];
}

/** `mb128_ic16oc32_ih32oh16kh3sh2dh0ph1_iw32ow16kw3sw2dw0pw1` */
function convolutionGflop(shape) {
  const of = (name) => Number(new RegExp(`${name}(\\d+)`).exec(shape)?.[1] ?? 1);
  return (2 * of('mb') * of('ic') * of('oc') * of('oh') * of('ow') * of('kh') * of('kw')) / 1e9;
}

/** The same step as single ops. */
async function opByOp() {
  const timed = ours('op by op', measurement, { ...options, ops: true }, { env: { TF_NUM_INTRAOP_THREADS: threads } });
  try {
    await timed.warmUp();
    const calls = [];
    for (let turn = 0; turn < TURNS; turn++) calls.push(await timed.repeat());
    const best = calls.reduce((a, b) => (b.seconds < a.seconds ? b : a));
    const wall = 1000 * best.seconds;
    const rows = summed(
      best.ops.map(({ op, calls: n, seconds }) => ({ op, n, ms: 1000 * seconds, gflop: 0 })),
      ({ op }) => op,
      best.calls,
    );
    const rest = wall - rows.reduce((total, { ms }) => total + ms, 0);
    return {
      wall,
      table: table(
        ['TensorFlow op, op by op', 'a call has', 'ms', 'of the wall clock'],
        [
          ...rows.slice(0, Number(shown)).map(({ key, calls: n, ms }) => [key, n, three(ms), share(ms, wall)]),
          ['all other ops', '', three(rows.slice(Number(shown)).reduce((total, { ms }) => total + ms, 0)), ''],
          ['JavaScript and the binding', '', three(rest), share(rest, wall)],
        ],
      ),
    };
  } finally {
    timed.end();
  }
}

/** Totals by a key, of one call, longest first. */
function summed(items, keyOf, calls) {
  const totals = new Map();
  for (const item of items) {
    const key = keyOf(item);
    const known = totals.get(key) ?? { key, calls: 0, ms: 0, gflop: 0 };
    totals.set(key, { key, calls: known.calls + (item.n ?? 1), ms: known.ms + item.ms, gflop: known.gflop + item.gflop });
  }
  return [...totals.values()]
    .map((total) => ({ ...total, calls: Math.round(total.calls / calls), ms: total.ms / calls, gflop: total.gflop / calls }))
    .sort((a, b) => b.ms - a.ms);
}

function share(ms, wall) {
  return `${((100 * ms) / wall).toFixed(1)} %`;
}
