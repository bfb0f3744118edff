import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { benchMessageSchema } from '../../src/protocol/benchMessages';
import { benchWorker } from '../../src/trainer/bench/worker';
import { missing } from '../engine/support/engines';
import { runCli, startCli } from '../runs/cli/support/runCli';

const SMALL = '--network resnet8 --batch 8 --classes 4 --exemplars 4 --data 4 --inner-steps 1 --repeats 2 --seconds 0.01'.split(' ');

interface Line {
  readonly [name: string]: unknown;
  readonly training: { imagesPerSecond: number; quartiles: [number, number]; repeats: number; preparationShare: number };
  readonly evaluation: { imagesPerSecond: number; batch: number };
  readonly mnemonicsOuterStep: { innerSteps: number; seconds: number; peakMemoryMiB: number; repeats: number };
}

describe('bench', function () {
  this.timeout(120_000);

  for (const engine of ['native', 'wasm'] as const)
    it(`measures training, evaluation and an outer step on ${engine}`, async function () {
      if (missing(engine)) this.skip();
      const end = await runCli(['bench', ...SMALL, '--engine', engine, '--json'], '/');
      assert.equal(end.code, 0, end.stderr);
      assert.match(end.stdout, /^\{.*\}\n$/);
      const line = JSON.parse(end.stdout) as Line;
      assert.deepEqual([line['engine'], line['network'], line['batch']], [engine, 'resnet8', 8]);
      const { training, evaluation, mnemonicsOuterStep: outer } = line;
      assert.ok(training.imagesPerSecond > 0 && training.preparationShare > 0 && training.preparationShare < 1, end.stdout);
      assert.ok(evaluation.imagesPerSecond > training.imagesPerSecond, `a forward pass is the smaller part of a step: ${end.stdout}`);
      assert.ok(training.quartiles[0] <= training.imagesPerSecond && training.imagesPerSecond <= training.quartiles[1]);
      assert.deepEqual([training.repeats, outer.repeats, outer.innerSteps], [2, 2, 1]);
      // Three passes forward and back over four images, and not less memory than this program takes without an engine.
      assert.ok(outer.seconds > 0.001 && outer.seconds < 60 && outer.peakMemoryMiB > 60, end.stdout);
      assert.match(end.stderr, /^training \(\w+\): warming up$/m);
      assert.ok(!end.stderr.includes('\x1b'), 'no control sequences where there is no terminal');
    });

  it('times single ops for the profile, every convolution of the network among them', async function () {
    if (missing('native')) this.skip();
    const bench = {
      engine: 'native',
      network: 'resnet8',
      batch: 8,
      classes: 4,
      exemplars: 4,
      data: 4,
      innerSteps: 1,
      seconds: 0.01,
    } as const;
    let said = '';
    const code = await benchWorker({ ...bench, measurement: 'training' }, true, Readable.from(['\n']), { write: (text) => (said += text) });
    assert.equal(code, 0, said);
    const [ready, repeat] = said
      .trim()
      .split('\n')
      .map((line) => benchMessageSchema.parse(JSON.parse(line)));
    assert.ok(ready?.kind === 'ready' && repeat?.kind === 'repeat' && repeat.ops);
    // Ours and TensorFlow's own.
    const calls = (op: string) =>
      repeat.ops?.filter((time) => time.op === op || time.op === `Lab${op}`).reduce((total, time) => total + time.calls, 0);
    // ResNet-8: the first layer, two in each of three blocks, two shortcuts.
    assert.equal(calls('Conv2D'), 9 * repeat.calls);
    assert.equal(calls('Conv2DBackpropFilter'), 9 * repeat.calls);
    const timed = repeat.ops.reduce((total, { seconds }) => total + seconds, 0);
    assert.ok(timed > 0 && timed < repeat.seconds * repeat.calls, `${timed} of ${repeat.seconds * repeat.calls} s`);
  });

  it('shows several K in a table, each measured in a process of its own', async () => {
    const args = [...SMALL, '--engine', 'wasm', '--only', 'outer-step', '--inner-steps', '0,2', '--repeats', '1'];
    const end = await runCli(['bench', ...args], '/');
    assert.equal(end.code, 0, end.stderr);
    assert.match(end.stdout, /^resnet8, batch 8, 4 classes, m = 4, n = 4\n/);
    for (const k of [0, 1].map((i) => [0, 2][i])) assert.match(end.stdout, new RegExp(`^wasm +outer step, K = ${k} +[\\d.e-]+ s`, 'm'));
  });

  it('says in a sentence what is wrong with a call, and that an engine is not there', async () => {
    const [wrong, absent] = await Promise.all([
      runCli(['bench', '--batch', 'big'], '/'),
      // Where the native engine would be is empty.
      runCli(['bench', ...SMALL, '--engine', 'native'], '/', { XDG_CACHE_HOME: '/nowhere' }),
    ]);
    assert.deepEqual([wrong.code, wrong.stdout], [2, '']);
    assert.match(wrong.stderr, /^mnemonics: --batch must be [^\n]+\.\n$/);
    assert.deepEqual([absent.code, absent.stdout], [4, '']);
    assert.match(absent.stderr, /\nmnemonics: The native engine is not installed[^\n]+\.\n$/);
  });

  it('ends within a second of Ctrl+C with exit code 130, in the middle of a measurement', async () => {
    const { child, ended } = startCli(['bench', '--engine', 'wasm', '--network', 'resnet32'], '/');
    await new Promise<void>((resolve) => child.stderr.once('data', () => resolve()));
    // So long that the measuring process is at work, and not so long that it is done.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const asked = performance.now();
    child.kill('SIGINT');
    const end = await ended;
    assert.equal(end.code, 130, end.stderr);
    assert.ok(performance.now() - asked < 1000, `${performance.now() - asked} ms`);
    assert.match(end.stderr, /\nmnemonics: The bench was stopped; nothing was left behind\.\n$/);
  });
});
