import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../../package.json';
import { configJsonSchema } from '../../../src/protocol/parseConfig';
import { DATA_SETS } from '../../../src/protocol/words';
import { readEvents } from '../../../src/store/eventLog';
import { readRunSummary } from '../../../src/store/readRun';
import { temporaryFolders } from '../../store/support/temporaryFolder';
import { flipBit } from '../support/damage';
import { SMALLEST } from '../support/tiny';
import { runCli, startCli } from './support/runCli';

/** A run of seconds on the engine that every machine has. */
const TINY = { ...SMALLEST, name: 'tiny', engine: 'wasm' };

describe('The command line', function () {
  this.timeout(60_000);
  const folder = temporaryFolders();
  const withConfig = (config: object = TINY) => {
    const dir = folder();
    writeFileSync(join(dir, 'x.mnemonics.json'), JSON.stringify(config));
    return dir;
  };

  const WRONG: [title: string, args: string[], code: number, message: RegExp][] = [
    ['a command that is not known', ['train'], 2, /"train" is not a command/],
    [
      'a field that is wrong',
      ['run', 'x.mnemonics.json', '--set', 'lambda=2'],
      2,
      /x\.mnemonics\.json with the command line's settings can't be used: "lambda" must be at most 1 \(it is 2\)/,
    ],
    ['data that is missing', ['run', 'x.mnemonics.json', '--set', 'dataSet=cifar100'], 3, /cifar100 is not built in/],
    ['a folder that holds no run', ['resume', '.'], 5, /holds no run/],
    [
      'a report in place of another file',
      ['report', '.', '--out', 'x.mnemonics.json'],
      2,
      /--out x\.mnemonics\.json is no page; name a file/,
    ],
    ['a file that is no checkpoint', ['inspect', 'x.mnemonics.json'], 5, /x\.mnemonics\.json can't be read/],
    ["the editor's option without an editor", ['run', 'x.mnemonics.json', '--ipc'], 2, /--ipc is for the editor/],
  ];
  for (const [title, args, code, message] of WRONG) {
    it(`refuses ${title} with exit code ${code}, one sentence and nothing written`, async () => {
      const dir = withConfig();
      const end = await runCli(args, dir);
      assert.deepEqual([end.code, end.stdout], [code, ''], end.stderr);
      assert.match(end.stderr, /^mnemonics: [^\n]+\.\n$/);
      assert.match(end.stderr, message);
      assert.deepEqual(readdirSync(dir), ['x.mnemonics.json']);
    });
  }

  it('prints version, schema and data sets on standard output alone', async () => {
    const [named, schema, data] = await Promise.all([
      runCli(['--version'], '/'),
      runCli(['schema'], '/'),
      runCli(['data', 'list', '--json'], '/'),
    ]);
    assert.deepEqual(named, { code: 0, stdout: `${version}\n`, stderr: '' });
    assert.deepEqual([JSON.parse(schema.stdout), schema.code, schema.stderr], [JSON.parse(JSON.stringify(configJsonSchema())), 0, '']);
    const sets = JSON.parse(data.stdout) as { name: string; state: string }[];
    assert.deepEqual(
      sets.map(({ name, state }) => [name, state]),
      DATA_SETS.map((name) => [name, name === 'mnist' ? 'built-in' : 'absent']),
    );
  });

  it('ends quietly where nobody reads its output any more', async () => {
    const { child, ended } = startCli(['schema'], '/');
    child.stdout.destroy();
    const { stderr } = await ended;
    assert.equal(stderr, '');
  });

  it('says so, and by its exit code, where its output has no room', async function () {
    if (!existsSync('/dev/full')) return this.skip();
    for (const args of [['schema'], ['--help'], ['--version'], ['data', 'list']]) {
      const end = await startCli(args, '/', {}, ['/bin/sh', '-c', 'exec "$@" > /dev/full', 'sh']).ended;
      assert.equal(end.code, 1, args.join(' '));
      assert.match(end.stderr, /^mnemonics: The output can't be written \(ENOSPC.*\n$/);
    }
  });

  it('trains, prints one JSON line, refuses the folder a second time, and lists what it wrote', async () => {
    const dir = withConfig();
    const args = ['run', 'x.mnemonics.json', '--out', 'out', '--json'];
    const end = await runCli(args, dir);
    assert.equal(end.code, 0, end.stderr);
    assert.match(end.stdout, /^\{.*\}\n$/);
    const result = JSON.parse(end.stdout) as Record<string, unknown> & { accuracies: number[] };
    assert.deepEqual(
      [result['runDir'], result['headline'], result['outcome'], result.accuracies.length],
      [join(dir, 'out'), 'nearestMean', 'completed', 2],
    );
    assert.equal(result['averageAccuracy'], (result.accuracies[0]! + result.accuracies[1]!) / 2);
    assert.match(end.stderr, /phase 1\/1 accuracy: softmax \d+\.\d %, nearest mean \d+\.\d %/);
    assert.ok(!end.stderr.includes('\x1b'), 'no control sequences where there is no terminal');
    assert.equal((await readRunSummary(join(dir, 'out'), 'out')).state, 'completed');

    const [again, inspected, resumed] = await Promise.all([
      runCli(args, dir),
      runCli(['inspect', join('out', 'phase-01', 'model.safetensors')], dir),
      runCli(['resume', 'out'], dir),
    ]);
    assert.deepEqual([again.code, again.stdout], [5, '']);
    assert.match(again.stderr, /holds a run already/);
    assert.match(inspected.stdout, /^fc\.weight +F32 +\[10, 64\] +2560$/m);
    assert.match(inspected.stdout, / tensors, \d+ elements, \d+ bytes, checksum matches\n$/);
    const model = join(dir, 'out', 'phase-01', 'model.safetensors');
    flipBit(model, -1);
    const damaged = await runCli(['inspect', model, '--json'], dir);
    assert.deepEqual([damaged.code, (JSON.parse(damaged.stdout) as { intact: unknown }).intact], [5, false]);
    assert.match(damaged.stderr, /model\.safetensors is damaged/);
    assert.deepEqual([resumed.code, resumed.stdout], [5, '']);
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    it(`stops at ${signal} with a resume point and exit code 130`, async () => {
      const dir = withConfig({ ...TINY, epochs: 500 });
      const { child, ended } = startCli(['run', 'x.mnemonics.json', '--out', 'out'], dir);
      const events = join(dir, 'out', 'events.jsonl');
      while (!existsSync(events) || !readFileSync(events, 'utf8').includes('"progress"'))
        await new Promise((resolve) => setTimeout(resolve, 50));
      child.kill(signal);
      // A shell and the system may both tell of a terminal that is closed.
      if (signal === 'SIGHUP') {
        await new Promise((resolve) => setTimeout(resolve, 50));
        child.kill(signal);
      }
      const end = await ended;
      assert.equal(end.code, 130, end.stderr);
      if (signal === 'SIGINT') assert.match(end.stderr, /Stopping after this step/);
      assert.match(end.stderr, /Stopped; go on with: resume out\n$/);
      assert.match(end.stdout, /No phase was evaluated/);
      assert.equal((await readEvents(events)).at(-1)?.kind, 'run-ended');
      assert.equal((await readRunSummary(join(dir, 'out'), 'out')).state, 'stopped');
      assert.ok(!existsSync(join(dir, 'out', 'lock.json')));
      assert.ok(existsSync(join(dir, 'out', 'state.safetensors')));
    });
});
