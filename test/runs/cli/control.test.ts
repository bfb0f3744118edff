import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { controlAnswerSchema } from '../../../src/protocol/control';
import type { RunEvent } from '../../../src/protocol/events';
import { controlFiles } from '../../../src/protocol/runLayout';
import { readEvents } from '../../../src/store/eventLog';
import { TINY } from '../support/tiny';
import { runCli, startCli } from './support/runCli';

/** Trains until it is stopped. */
const ENDLESS = { ...TINY, name: 'endless', exemplarMethod: 'random', epochs: 100_000 };

describe('control', function () {
  this.timeout(120_000);
  const dir = mkdtempSync(join(tmpdir(), 'mnemonics-control-'));
  const runDir = join(dir, 'out');
  let run: ReturnType<typeof startCli> | undefined;

  const control = (...args: string[]) => runCli(['control', 'out', ...args], dir);
  const events = (): Promise<RunEvent[]> => readEvents(join(runDir, 'events.jsonl')).catch((): RunEvent[] => []);
  const kinds = async () => (await events()).map(({ kind }) => kind);
  const count = async (kind: RunEvent['kind']) => (await kinds()).filter((k) => k === kind).length;
  /** Puts a request where one belongs, as any program may. @returns what it is answered */
  const ask = async (put: (path: string) => void) => {
    const { request, answer } = controlFiles(randomUUID());
    mkdirSync(join(runDir, 'control'), { recursive: true });
    put(join(runDir, request));
    while (!existsSync(join(runDir, answer))) await wait(20);
    return controlAnswerSchema.parse(JSON.parse(readFileSync(join(runDir, answer), 'utf8')));
  };

  before(async () => {
    writeFileSync(join(dir, 'x.mnemonics.json'), JSON.stringify(ENDLESS));
    run = startCli(['run', 'x.mnemonics.json', '--out', 'out'], dir);
    while (!(await kinds()).includes('progress')) await wait(20);
  });
  after(() => {
    run?.child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });

  it('changes several settings between the same two steps, and says from where on', async () => {
    const { code, stdout, stderr } = await control('--set', 'lambda=0.7', '--set', 'alpha1=0.05', '--json');
    assert.equal(code, 0, stderr);
    const { runDir: named, ...answer } = JSON.parse(stdout) as Record<string, unknown>;
    const changes = (await events()).filter((event) => event.kind === 'setting-changed');
    assert.equal(named, runDir);
    assert.deepEqual(
      changes.map(({ field, value, previous }) => [field, value, previous]),
      [
        ['lambda', 0.7, 0.5],
        ['alpha1', 0.05, 0.1],
      ],
    );
    const again = await control('--set', 'lambda=0.7', '--json');
    assert.equal(again.code, 0, again.stderr);
    assert.equal(await count('setting-changed'), 2, 'a change to the value that it has');
    const [first, second] = changes;
    assert.deepEqual(answer, {
      intent: 'set',
      changes: changes.map(({ field, value }) => ({ field, value })),
      phase: 0,
      stage: 'train',
      step: first?.step,
    });
    assert.equal(first?.step, second?.step);
  });

  it('pauses the run, and changes it while it is paused', async () => {
    const paused = await control('--pause');
    assert.match(paused.stdout, /^Paused at step \d+ of train in phase 0; go on with: control out --resume\n$/);
    const [again, changed] = await Promise.all([control('--pause'), control('--set', 'epochs=90000')]);
    assert.deepEqual([again.code, again.stdout], [5, '']);
    assert.match(again.stderr, /^mnemonics: The run is paused already; resume it instead\.\n$/);
    assert.match(changed.stdout, /^epochs is 90000, from step \d+ of train in phase 0 on\.\n$/);
  });

  const WRONG: [title: string, args: string[], message: RegExp][] = [
    ['a value out of range', ['--set', 'lambda=2'], /"lambda" can't be set to 2: it must be at most 1/],
    ['a field that is not live', ['--set', 'batchSize=8'], /"batchSize" can't change while a run goes on; these can: lambda, /],
    [
      'fewer epochs than have begun',
      ['--set', 'lambda=0.1', '--set', 'epochs=1'],
      /"epochs" can't be set to 1: train of phase 0 is in its epoch/,
    ],
    ['a field that does nothing in the run', ['--set', 'beta1=1'], /"beta1" does nothing in this run.*“Exemplar method” is mnemonics/],
    ['nothing', [], /"control" does one thing at a time/],
    ['two things', ['--pause', '--stop'], /"control" does one thing at a time/],
    ['a patience that is none', ['--pause', '--wait', 'long'], /--wait "long" is not a number/],
  ];
  it("refuses what can't be with exit code 2 and one sentence, and nothing changes", async () => {
    const before = await count('setting-changed');
    await Promise.all(
      WRONG.map(async ([title, args, message]) => {
        const { code, stdout, stderr } = await control(...args);
        assert.deepEqual([code, stdout], [2, ''], `${title}: ${stderr}`);
        assert.match(stderr, /^mnemonics: [^\n]+\n$/);
        assert.match(stderr, message);
      }),
    );
    assert.equal(await count('setting-changed'), before);
  });

  it('is answered by the run whatever is asked, and nothing outside of the folder is read or written', async () => {
    const other = join(dir, 'other.json');
    writeFileSync(other, JSON.stringify({ schemaVersion: 1, intent: 'stop' }));
    for (const put of [
      (path: string) => writeFileSync(path, 'no JSON'),
      (path: string) => writeFileSync(path, JSON.stringify({ schemaVersion: 1, intent: 'explode' })),
      (path: string) => writeFileSync(path, JSON.stringify({ schemaVersion: 2, intent: 'stop' })),
      (path: string) => writeFileSync(path, ' '.repeat(1 << 20)),
      (path: string) => symlinkSync(other, path),
    ])
      assert.match((await ask(put)).error?.message ?? '', /That is not something that a run can be asked for/);
    const strange = { schemaVersion: 1, intent: 'set', changes: [{ field: 'constructor', value: 1 }] };
    assert.match((await ask((path) => writeFileSync(path, JSON.stringify(strange)))).error?.message ?? '', /"constructor" is not a field/);
    assert.ok(existsSync(other));
  });

  it('resumes the run', async () => {
    const resumed = await control('--resume');
    assert.match(resumed.stdout, /^Going on at step \d+ of train in phase 0\.\n$/);
    assert.deepEqual(
      (await kinds()).filter((kind) => ['paused', 'resumed', 'setting-changed'].includes(kind)),
      ['setting-changed', 'setting-changed', 'paused', 'setting-changed', 'resumed'],
    );
  });

  it('gives up after the time that it was given where the process hangs, and the request is not carried out later', async () => {
    run?.child.kill('SIGSTOP');
    const { code, stderr } = await control('--pause', '--wait', '1');
    assert.equal(code, 5);
    assert.match(stderr, /has not come to the end of a step within 1 s, so the request was withdrawn/);
    run?.child.kill('SIGCONT');
    const reports = await count('progress');
    while ((await count('progress')) < reports + 3) await wait(50);
    assert.equal(await count('paused'), 1);
  });

  it('stops the run and leaves its folder free; then nobody answers any more', async () => {
    const { code, stdout, stderr } = await control('--stop');
    assert.deepEqual([code, stdout], [0, 'Stopped; go on with: resume out\n'], stderr);
    assert.ok(!existsSync(join(runDir, 'lock.json')));
    assert.equal((await run?.ended)?.code, 130);
    const gone = await control('--pause');
    assert.deepEqual([gone.code, gone.stdout], [5, '']);
    assert.match(gone.stderr, /is not going on \(stopped\), so it can't be asked for anything; resume it first/);
    const none = await runCli(['control', '.', '--pause'], dir);
    assert.match(none.stderr, /holds no run/);
  });

  it('does not carry out what was asked of an earlier process', async () => {
    mkdirSync(join(runDir, 'control'), { recursive: true });
    writeFileSync(join(runDir, controlFiles(randomUUID()).request), JSON.stringify({ schemaVersion: 1, intent: 'stop' }));
    run = startCli(['resume', 'out'], dir);
    while (!(await kinds()).includes('run-continued')) await wait(20);
    const reports = await count('progress');
    while ((await count('progress')) < reports + 4) await wait(50);
    assert.deepEqual(
      readdirSync(runDir).filter((name) => name === 'control'),
      [],
    );
    assert.equal((await control('--stop')).code, 0);
  });
});
