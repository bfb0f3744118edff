// What this machine could do, and what share of it training reaches: `node scripts/bench/roofline.mjs [--network resnet32] [--batch 128]
// [--threads N] [--repeats 5] [--write]`. Measures a large matrix product through the native engine (GFLOP/s), copies of large
// arrays in as many threads (GB/s), and training steps, in turns.
import os from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { ours, spreadOf } from './contender.mjs';
import { callOf, machine, table, three, warnWhereBusy, writePart } from './page.mjs';

/** Many times any cache. */
const BYTES = 2 ** 28;

if (isMainThread) await main();
else copier(workerData);

async function main() {
  const { values } = parseArgs({
    options: {
      network: { type: 'string', default: 'resnet32' },
      batch: { type: 'string', default: '128' },
      threads: { type: 'string', default: String(os.availableParallelism()) },
      repeats: { type: 'string', default: '5' },
      write: { type: 'boolean', default: false },
    },
  });
  const { network, batch, threads } = values;
  const env = { env: { TF_NUM_INTRAOP_THREADS: threads } };
  const here = machine();
  warnWhereBusy();
  const product = ours('matrix product', 'matrix-product', { engine: 'native' }, env);
  const training = ours('training', 'training', { engine: 'native', network, batch }, env);
  try {
    await product.warmUp();
    await training.warmUp();
    const copies = [];
    const bandwidth = await copyThreads(Number(threads));
    for (let i = 0; i < Number(values.repeats); i++) {
      await product.repeat();
      copies.push(await bandwidth.repeat());
      await training.repeat();
    }
    bandwidth.end();
    const rate = spreadOf(product.repeats.map(({ seconds }) => product.ready.gflop / seconds));
    const memory = spreadOf(copies);
    const step = spreadOf(training.repeats.map(({ seconds }) => seconds));
    const { images, gflop, elementwiseGigabytes: gigabytes } = training.ready;
    const limit = gflop / rate.median + gigabytes / memory.median;
    const rows = [
      ['matrix product, GFLOP/s', three(rate.median), `${three(rate.low)} – ${three(rate.high)}`],
      ['memory, GB/s read and written', three(memory.median), `${three(memory.low)} – ${three(memory.high)}`],
      ['a training step, GFLOP of convolutions and classifier', three(gflop), ''],
      ['a training step, GB of what is done element by element', three(gigabytes), ''],
      ['limit by operations alone, images/s', three((images * rate.median) / gflop), ''],
      ['limit by operations, then memory, images/s', three(images / limit), ''],
      ['reached, images/s', three(images / step.median), `${three(images / step.high)} – ${three(images / step.low)}`],
      ['reached, GFLOP/s', three(gflop / step.median), ''],
      ['share of the limit by operations and memory', `${((100 * limit) / step.median).toFixed(0)} %`, ''],
    ];
    const result = table([`${network}, batch ${batch}`, 'median', 'quartiles'], rows);
    console.log(`${here}\n\n${result}`);
    if (values.write) writePart('roofline', `${here}\n\n${threads} threads:\n\n${result}\n\n\`${callOf('roofline.mjs')}\``);
  } finally {
    for (const contender of [product, training]) contender.end();
  }
}

/** Threads that copy at the same time, each its own part of the memory. `repeat` gives GB/s over all of them, reading and writing counted. */
async function copyThreads(threads) {
  const workers = Array.from(
    { length: threads },
    () => new Worker(fileURLToPath(import.meta.url), { workerData: { bytes: BYTES / threads } }),
  );
  const answer = (worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await Promise.all(workers.map(answer));
  return {
    async repeat() {
      const answers = workers.map(answer);
      for (const worker of workers) worker.postMessage('copy');
      const rates = await Promise.all(answers);
      return rates.reduce((total, rate) => total + rate, 0);
    },
    end: () => workers.forEach((worker) => void worker.terminate()),
  };
}

function copier({ bytes }) {
  const [from, to] = [new Float64Array(bytes / 8).fill(1), new Float64Array(bytes / 8)];
  to.set(from);
  parentPort.on('message', () => {
    const started = performance.now();
    let copies = 0;
    for (; performance.now() - started < 500; copies++) to.set(from);
    parentPort.postMessage((2 * bytes * copies) / 1e6 / (performance.now() - started));
  });
  parentPort.postMessage('ready');
}
