import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { RunEvent } from '../../../src/protocol/events';
import { foldEvents } from '../../../src/protocol/foldEvents';
import type { RunView } from '../../../src/protocol/runView';
import type { RunFile } from '../../../src/protocol/runFile';
import { readEvents } from '../../../src/store/eventLog';
import { readRunFile } from '../../../src/store/readRun';
import { editLog, editRunFile } from '../support/editRun';
import { resultsOf } from '../support/results';
import { TINY } from '../support/tiny';
import { runCli, startCli } from './support/runCli';

/** So long that it is caught in training, and made short there. */
const LONG = { ...TINY, name: 'long', epochs: 2000, alpha1Milestones: [8], mnemonicsEpochs: 2 };

describe('run --replay', function () {
  this.timeout(240_000);
  const dir = mkdtempSync(join(tmpdir(), 'mnemonics-replay-'));
  let children: ReturnType<typeof startCli>[] = [];
  afterEach(() => {
    for (const { child } of children) child.kill('SIGKILL');
    children = [];
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  const start = (...args: string[]) => {
    const started = startCli(args, dir);
    children.push(started);
    return started;
  };
  const control = async (...args: string[]) => {
    const end = await runCli(['control', ...args], dir);
    assert.equal(end.code, 0, end.stderr);
    return end.stdout;
  };
  const events = (run: string): Promise<RunEvent[]> => readEvents(join(dir, run, 'events.jsonl')).catch((): RunEvent[] => []);
  const view = async (run: string): Promise<RunView> => {
    const folded = foldEvents(await events(run));
    assert.ok(folded);
    return folded;
  };
  const event = async (run: string, found: (event: RunEvent) => boolean): Promise<void> => {
    while (!(await events(run)).some(found)) await wait(20);
  };
  const hashes = (run: string) => resultsOf(join(dir, run));

  before('a run that is changed, killed and resumed, and changed again', async () => {
    writeFileSync(join(dir, 'x.mnemonics.json'), JSON.stringify(LONG));
    const first = start('run', 'x.mnemonics.json', '--out', 'original');
    await event('original', ({ kind }) => kind === 'progress');
    await control('original', '--pause');
    const at = (await view('original')).current?.step ?? 0;
    const end = at + 8;
    await control('original', '--set', 'lambda=0.8', '--set', 'alpha1=0.05', '--set', `epochs=${end}`, '--set', 'beta1=0.02');
    await control('original', '--resume');
    await event('original', (e) => e.kind === 'progress' && e.step > at + 1);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = start('resume', 'original');
    await event('original', ({ kind, phase }) => kind === 'stage-started' && phase === 1);
    await control('original', '--set', 'temperature=3', '--set', 'alpha2=0.02', '--set', 'beta2=0.02', '--set', 'mnemonicsOldEpochs=3');
    const ended = await second.ended;
    assert.equal(ended.code, 0, ended.stderr);
    const { phases, changes, marks } = await view('original');
    // An epoch of phase 1 has two batches, because of the exemplars.
    assert.deepEqual(
      phases.map(({ stages }) => stages[0]?.steps),
      [end, 2 * end],
    );
    assert.equal(phases[1]?.stages.find(({ stage }) => stage === 'mnemonics-old')?.steps, 3);
    assert.equal(changes.length, 8);
    assert.ok(marks.some(({ kind }) => kind === 'continued'));
  });

  it('gives the same bits, and logs the same changes at the same steps', async () => {
    const { code, stderr } = await start('run', '--replay', 'original', '--out', 'repeated', '--json').ended;
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^Repeating original as repeated: /);
    assert.deepEqual((await view('repeated')).changes, (await view('original')).changes);
    assert.deepEqual(hashes('repeated'), hashes('original'));
  });

  it('of a repetition gives them, too, and when it is killed and resumed itself; it takes no changes from outside', async () => {
    const killed = start('run', '--replay', 'repeated', '--out', 'third');
    await event('third', ({ kind, phase }) => kind === 'stage-started' && phase === 1);
    const refused = await runCli(['control', 'third', '--set', 'lambda=0.1'], dir);
    assert.match(refused.stderr, /This run repeats repeated, with its changes and no others/);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const { code, stderr } = await start('resume', 'third').ended;
    assert.equal(code, 0, stderr);
    assert.deepEqual(hashes('third'), hashes('original'));
  });

  it('of a repetition that was killed before its changes makes all of them', async () => {
    const killed = start('run', '--replay', 'repeated', '--out', 'unfinished');
    await event('unfinished', ({ kind }) => kind === 'stage-started');
    killed.child.kill('SIGKILL');
    await killed.ended;
    const { code, stderr } = await start('run', '--replay', 'unfinished', '--out', 'fourth').ended;
    assert.equal(code, 0, stderr);
    assert.deepEqual(hashes('fourth'), hashes('original'));
  });

  it('repeats a change to the value that was there already, which earlier versions noted', async () => {
    cpSync(join(dir, 'original'), join(dir, 'older'), { recursive: true });
    const unchanged = ({ previous, ...event }: Record<string, unknown>) => JSON.stringify({ ...event, previous, value: previous });
    editLog(join(dir, 'older'), (lines) =>
      lines.map((line) => (line.includes('"field":"lambda"') ? unchanged(JSON.parse(line) as Record<string, unknown>) : line)),
    );
    const { code, stderr } = await start('run', '--replay', 'older', '--out', 'newer', '--json').ended;
    assert.equal(code, 0, stderr);
    assert.deepEqual((await view('newer')).changes, (await view('older')).changes);
  });

  it('is refused where data or engine are others, and with settings of its own', async () => {
    const written = await readRunFile(join(dir, 'original'));
    const replayOf = (edited: Partial<RunFile>, ...more: string[]) => {
      editRunFile(join(dir, 'original'), { ...written, ...edited });
      return start('run', '--replay', 'original', '--out', 'again', ...more);
    };
    const threads = { engine: { ...written.engine, threads: 77 } };
    const data = await replayOf({ data: { ...written.data, sha256: 'a'.repeat(64) } }).ended;
    assert.deepEqual([data.code, data.stdout], [3, '']);
    assert.match(data.stderr, /The data set mnist is not the one that .*original was trained on; restore its files/);
    const engine = await replayOf(threads).ended;
    assert.deepEqual([engine.code, engine.stdout], [5, '']);
    assert.match(engine.stderr, /had another engine than there is here \(threads 77 → \d+\); .*--allow-different-engine/);
    const settings = await replayOf(threads, '--set', 'lambda=1').ended;
    assert.equal(settings.code, 2);
    assert.match(settings.stderr, /--replay repeats a run with the settings that it had/);
    replayOf(threads, '--allow-different-engine');
    await event('again', ({ kind }) => kind === 'run-started');
  });
});
