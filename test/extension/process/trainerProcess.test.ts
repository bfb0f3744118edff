import assert from 'node:assert/strict';
import path from 'node:path';
import { type RunEvent } from '../../../src/protocol/events';
import { crashSentence, isCrash } from '../../../src/extension/process/trainerEnd';
import { TrainerProcess, type TrainerOptions } from '../../../src/extension/process/trainerProcess';

describe('TrainerProcess', () => {
  const running: TrainerProcess[] = [];
  const lines: string[] = [];
  const events: RunEvent[] = [];

  function start(fixture: string, options: Partial<TrainerOptions> = {}): TrainerProcess {
    const cli = path.join(__dirname, 'fixtures', `${fixture}.cjs`);
    const onLine = (line: string, from: string) => void lines.push(`${from}: ${line}`);
    const trainer = new TrainerProcess({
      cli,
      args: [],
      env: { PATH: process.env.PATH },
      onEvent: (event) => events.push(event),
      onLine,
      ...options,
    });
    running.push(trainer);
    return trainer;
  }

  afterEach(() => {
    for (const { pid } of running.splice(0)) if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
    lines.length = 0;
    events.length = 0;
  });

  it('answers each intent with ok or the named refusal', async () => {
    const trainer = start('answers');
    const [paused, resumed] = await Promise.all([trainer.send({ intent: 'pause' }), trainer.send({ intent: 'resume' })]);
    assert.deepEqual(paused, { ok: true });
    assert.equal(!resumed.ok && resumed.error.message, 'The run is not paused; pause it first.');
    await trainer.stop();
  });

  it('stops a process that obeys, and calls that no crash', async () => {
    const end = await start('answers').stop();
    assert.equal(end.code, 130);
    assert.equal(end.outcome, 'stopped');
    assert.equal(isCrash(end), false);
  });

  it('insists with SIGTERM and then SIGKILL where a process neither answers nor obeys', async () => {
    const trainer = start('hangs', { patience: { term: 300, kill: 300 } });
    const open = trainer.send({ intent: 'pause' });
    const end = await trainer.stop();
    assert.equal(end.signal, 'SIGKILL');
    assert.deepEqual(end.lastLines, ['ignored SIGTERM']);
    assert.equal((await open).ok, false, 'an open intent is answered at the end');
    assert.equal(isCrash(end), false, 'who asked for the end is not told of a crash');
  });

  it('ends a process that floods its channel, with few lines of it in the log and its events passed on', async () => {
    const trainer = start('floods', { patience: { term: 200, kill: 200 } });
    await until(() => events[0]);
    const end = await trainer.stop();
    assert.equal(end.signal, 'SIGKILL');
    assert.ok(lines.length < 2000, `${lines.length} lines`);
    const leftOut = lines.map((line) => Number(/^editor: (\d+) lines of the training process are left out/.exec(line)?.[1] ?? 0));
    assert.ok(Math.max(...leftOut) > 1000, 'it says how many are left out');
  });

  it('answers an intent that a crash leaves open, and tells how the process ended', async () => {
    const trainer = start('crashes');
    const answer = await trainer.send({ intent: 'pause' });
    assert.match(answer.ok ? '' : answer.error.message, /has ended; resume the run/);
    const end = await trainer.stopped;
    assert.equal(isCrash(end), true);
    assert.equal(end.lastLines.length, 20);
    assert.match(crashSentence(end), /ended with exit code 7; .*It last said: line 28 ⏎ line 29$/);
  });

  it('refuses an intent after the end instead of leaving it open', async () => {
    const trainer = start('fails');
    await trainer.stopped;
    assert.equal((await trainer.send({ intent: 'pause' })).ok, false);
  });

  it('keeps the reason that a process gives for its end', async () => {
    const end = await start('fails').stopped;
    assert.equal(end.fatal?.message, 'The data set is missing; import it first.');
    assert.equal(isCrash(end), false);
  });

  it('names the signal of a process that was killed', async () => {
    const trainer = start('hangs');
    assert.ok(trainer.pid);
    process.kill(trainer.pid, 'SIGKILL');
    const end = await trainer.stopped;
    assert.equal(isCrash(end), true);
    assert.match(crashSentence(end), /was killed by signal SIGKILL/);
  });

  it('passes by what is no message and bounds lines without an end', async () => {
    const end = await start('babbles').stopped;
    assert.deepEqual(
      events.map((event) => event.kind === 'warning' && event.message),
      ['this one is real'],
    );
    assert.equal(lines.filter((line) => line.startsWith('editor: A message of the training process is not understood')).length, 7);
    assert.ok(Math.max(...lines.map((line) => line.length)) < 5000);
    assert.deepEqual(end.lastLines, ['first', 'second', 'half']);
  });

  it('tells the end of a process whose output somebody else still holds', async () => {
    const started = Date.now();
    await start('leavesGrandchild').stopped;
    assert.ok(Date.now() - started < 4000);
  });

  it('gives the process its environment and arguments and nothing else', async () => {
    const trainer = start('environment', { args: ['run', 'a file'], env: { PATH: process.env.PATH, MNEMONICS_X: '1' } });
    const line = await until(() => lines.find((text) => text.startsWith('stdout: {')));
    const seen = JSON.parse(line.slice('stdout: '.length)) as { env: Record<string, string>; args: string[]; execArgv: string[] };
    assert.deepEqual(
      Object.keys(seen.env)
        .filter((name) => !name.startsWith('NODE_CHANNEL'))
        .sort(),
      ['MNEMONICS_X', 'PATH'],
    );
    assert.deepEqual(seen.args, ['run', 'a file']);
    assert.deepEqual(seen.execArgv, []);
    trainer.release();
    assert.equal((await trainer.stopped).code, 0, 'a process that is let go sees the channel close');
  });

  it('tells that a process cannot be started', async () => {
    const end = await start('answers', { cwd: '/nowhere/at/all' }).stopped;
    assert.match(end.fatal?.message ?? '', /can't be started/);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
