// How cost grows with each size, the others at their usual values: `node scripts/bench/scaling.mjs [--only batch,depth,classes,m,n,K]
// [--repeats 3] [--engine native] [--write]`. Every point is a process of its own; its time is a median.
import { parseArgs } from 'node:util';
import { ours, spreadOf } from './contender.mjs';
import { callOf, machine, table, three, warnWhereBusy, writePart } from './page.mjs';

/** What varies, over which values, in which measurement. */
const SERIES = {
  batch: { option: 'batch', values: [32, 64, 128, 256], measurement: 'training' },
  depth: { option: 'network', values: ['resnet8', 'resnet14', 'resnet20', 'resnet32'], measurement: 'training' },
  classes: { option: 'classes', values: [10, 100, 1000], measurement: 'training' },
  m: { option: 'exemplars', values: [32, 64, 128, 256], measurement: 'outer-step' },
  n: { option: 'data', values: [32, 128, 512], measurement: 'outer-step' },
  K: { option: 'inner-steps', values: [1, 5, 10, 20], measurement: 'outer-step' },
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(SERIES).join(',') },
    repeats: { type: 'string', default: '3' },
    engine: { type: 'string', default: 'native' },
    write: { type: 'boolean', default: false },
  },
});

const here = machine();
console.log(`${here}\n`);
warnWhereBusy();
const rows = [];
const measured = new Map();
for (const name of values.only.split(',')) {
  const series = SERIES[name];
  if (!series) {
    console.error(`There is no series "${name}"; use ${Object.keys(SERIES).join(', ')}.`);
    process.exit(2);
  }
  const points = [];
  for (const value of series.values) points.push(await point(series, value));
  points.forEach(({ seconds, images, memory }, i) => {
    const speed = images > 0 ? `${three(images / seconds)} images/s` : '';
    rows.push([
      i === 0 ? name : '',
      series.values[i],
      three(seconds),
      (seconds / points[0].seconds).toFixed(2),
      speed,
      `${three(memory)} MiB`,
    ]);
  });
}
const result = table(['', 'value', 'seconds', 'of the first', '', 'peak memory'], rows);
console.log(result);
if (values.write)
  writePart(
    'scaling',
    `${here}\n\n${values.engine}; a training step (batch, depth, classes) or an outer step (m, n, K):\n\n${result}\n\n\`${callOf('scaling.mjs')}\``,
  );

/** The usual sizes are a point of several series, measured once. */
async function point({ option, measurement }, value) {
  const usual = { network: 'resnet32', batch: 128, classes: 100, exemplars: 128, data: 128, 'inner-steps': 5 };
  const options = { ...usual, [option]: value };
  const key = JSON.stringify([measurement, options]);
  const known = measured.get(key);
  if (known) return known;
  const contender = ours(`${option} ${value}`, measurement, { ...options, engine: values.engine });
  try {
    const { images } = await contender.warmUp();
    for (let i = 0; i < Number(values.repeats); i++) await contender.repeat();
    const { repeats } = contender;
    const { median } = spreadOf(repeats.map(({ seconds }) => seconds));
    const found = { seconds: median, images, memory: Math.max(...repeats.map(({ peakMemoryMiB }) => peakMemoryMiB)) };
    measured.set(key, found);
    if (process.stderr.isTTY) process.stderr.write(`${option} ${value}: ${three(median)} s\n`);
    return found;
  } finally {
    contender.end();
  }
}
