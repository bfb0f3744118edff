import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readEvents } from '../../../src/store/eventLog';
import { readRunFile } from '../../../src/store/readRun';
import { newPath, start, wholeRun } from './support/smallRun';
import { resultsOf } from '../support/results';

const HOUR = 3_600_000;

describe('A clock that is set back by an hour in mid-run', function () {
  this.timeout(60_000);
  const RealDate = Date;
  after(() => (globalThis.Date = RealDate));

  it('changes the times of events and nothing else', async () => {
    const whole = await wholeRun();
    const runDir = newPath();
    const { view, outcome } = await start(runDir, (event) => {
      if (event.kind !== 'stage-ended' || event.stage !== 'train' || event.phase !== 0) return;
      globalThis.Date = class extends RealDate {
        constructor(...args: [] | [number]) {
          if (args.length === 0) super(RealDate.now() - HOUR);
          else super(...args);
        }
        static override now = (): number => RealDate.now() - HOUR;
      } as DateConstructor;
    });
    globalThis.Date = RealDate;
    const events = await readEvents(join(runDir, 'events.jsonl'));
    const times = events.map(({ time }) => time);
    assert.ok(Math.max(...times) - (times.at(-1) ?? 0) > HOUR / 2, 'the clock was set back');
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, i) => i),
    );
    assert.equal(outcome, 'completed');
    assert.equal((await readRunFile(runDir)).status, 'completed');
    for (const event of events)
      if (event.kind === 'progress') assert.ok(event.secondsLeft !== null && event.secondsLeft >= 0 && event.secondsLeft < HOUR / 1000);
    for (const { seconds, stages } of view.phases)
      for (const took of [seconds, ...stages.map((stage) => stage.seconds)]) assert.ok(took !== null && took >= 0 && took < HOUR / 1000);
    assert.deepEqual(resultsOf(runDir), resultsOf(whole));
  });
});
