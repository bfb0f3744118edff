import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../src/protocol/parseConfig';
import { foldEvents } from '../../src/protocol/foldEvents';
import type { RunView } from '../../src/protocol/runView';
import { readEvents } from '../../src/store/eventLog';
import { readView } from '../../src/store/readHistory';
import { readRunSummary } from '../../src/store/readRun';
import { RunControl } from '../../src/trainer/runControl';
import { resumeExperiment, runExperiment } from '../../src/trainer/runExperiment';
import type { KilledRun } from './fixtures/killedRun';
import { EACH_STEP } from './support/eachStep';
import { resultsOf } from './support/results';
import { TINY } from './support/tiny';

/** Three steps in each stage in which exemplars are learned. */
const CONFIG = { ...TINY, mnemonicsEpochs: 3, mnemonicsOldEpochs: 3 };

/** A view but for its name, times, marks and numbers of events. */
const withoutTimes = ({ runId: _r, startedAt: _, lastSeq: _s, lastTime: _t, marks: _m, progress, phases, ...view }: RunView) => ({
  ...view,
  engine: { ...view.engine, reason: '' },
  loss: progress.loss,
  phases: phases.map(({ seconds, stages, ...phase }) => ({
    ...phase,
    isTimed: seconds !== null,
    stages: stages.map(({ startedAt, seconds, losses, ...stage }) => ({
      ...stage,
      isTimed: startedAt !== null && seconds !== null,
      losses: [...losses],
    })),
  })),
});

describe('a run that is killed', function () {
  this.timeout(300_000);
  const scratch = mkdtempSync(join(tmpdir(), 'mnemonics-killed-'));
  const whole = join(scratch, 'whole');
  const runDir = join(scratch, 'killed');
  after(() => rmSync(scratch, { recursive: true, force: true }));

  const eventsOf = (dir: string) => readEvents(join(dir, 'events.jsonl'));
  const hashes = (dir: string) => resultsOf(dir, { files: ['model', 'exemplars', 'evaluation'] });

  /** Runs or resumes in a process of its own until SIGKILL ends it. */
  async function killed(job: Omit<KilledRun, 'runDir'>): Promise<void> {
    const args = ['--import', 'tsx', join(__dirname, 'fixtures/killedRun.ts'), JSON.stringify({ runDir, ...job })];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    const [, signal] = (await once(child, 'close')) as [number | null, string | null];
    assert.equal(signal, 'SIGKILL', `it came to its end: ${text}`);
    assert.equal((await readRunSummary(runDir, 'killed')).state, 'interrupted');
  }

  before(() =>
    runExperiment({ config: parseConfig(CONFIG), configDir: scratch, runDir: whole, control: new RunControl(), paces: EACH_STEP }),
  );

  it('before its first event, before its first resume point and within both stages that learn exemplars, ends with the same bits', async () => {
    await killed({ config: CONFIG, killAt: 'log' });
    assert.deepEqual(
      readdirSync(runDir).filter((name) => name !== 'lock.json'),
      ['run.json'],
    );
    assert.equal(await readView(runDir), null);
    await killed({ killAt: { kind: 'progress', stage: 'train', step: 1 } });
    assert.ok(!existsSync(join(runDir, 'state.safetensors')));
    await killed({ killAt: { kind: 'progress', phase: 0, stage: 'mnemonics-new', step: 3 }, atEachStep: true });
    await killed({ killAt: { kind: 'progress', phase: 1, stage: 'mnemonics-old', step: 3 }, atEachStep: true });
    const { outcome, view } = await resumeExperiment({ runDir, control: new RunControl(), paces: EACH_STEP });
    assert.equal(outcome, 'completed');
    assert.deepEqual(hashes(runDir), hashes(whole));
    assert.deepEqual(
      view.marks.filter(({ kind }) => kind === 'continued').map(({ phase, stage, step }) => [phase, stage, step]),
      [
        [0, 'train', 0],
        [0, 'mnemonics-new', 2],
        [1, 'mnemonics-old', 2],
      ],
    );
  });

  it('leaves all that happened in its log, of which its fold has what counts: that of a run that was never killed', async () => {
    const events = await eventsOf(runDir);
    const twice = events.filter(
      ({ kind, phase, stage, step }) => kind === 'progress' && phase === 0 && stage === 'mnemonics-new' && step === 3,
    );
    assert.equal(twice.length, 2, 'the step after the resume point was logged by both processes');
    const [view, never] = [foldEvents(events), foldEvents(await eventsOf(whole))];
    assert.ok(view && never);
    assert.deepEqual(withoutTimes(view), withoutTimes(never));
    assert.ok(view.marks.length > never.marks.length);
  });
});
