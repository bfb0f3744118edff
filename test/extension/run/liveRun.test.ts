import assert from 'node:assert/strict';
import { type RunEvent } from '../../../src/protocol/events';
import { LiveRun } from '../../../src/extension/run/liveRun';
import { progress, runStarted } from '../../store/support/sampleRun';

const warning = (seq: number): RunEvent => ({
  schemaVersion: 1,
  seq,
  time: 0,
  phase: 0,
  stage: null,
  step: 0,
  kind: 'warning',
  message: String(seq),
});
const seqs = (events: readonly RunEvent[]) => events.map(({ seq }) => seq);

describe('LiveRun', () => {
  it('hands events on in batches, in order and each once', async () => {
    const run = new LiveRun('/runs/1');
    const batches: number[][] = [];
    run.listen((events) => batches.push(seqs(events)));
    for (const seq of [0, 1, 1, 2, 0]) run.add(warning(seq));
    assert.deepEqual(batches, []);
    await new Promise((resolve) => setTimeout(resolve, 200));
    run.add(warning(3));
    run.flush();
    assert.deepEqual(batches, [[0, 1, 2], [3]]);
    assert.deepEqual(seqs(run.events), [0, 1, 2, 3]);
  });

  it('begins with what the run had logged before and adds only what is new', () => {
    const run = new LiveRun('/runs/1', [warning(0), warning(1)]);
    const heard: number[] = [];
    run.listen((events) => heard.push(...seqs(events)));
    run.add(warning(1));
    run.add(warning(2));
    run.flush();
    assert.deepEqual(heard, [2]);
    assert.deepEqual(seqs(run.events), [0, 1, 2]);
  });

  it('keeps a history that a page can take, however long the run, and all of its fold', () => {
    const report = (seq: number): RunEvent => ({ ...warning(seq), stage: 'train', step: seq, ...progress(seq) });
    const run = new LiveRun('/runs/1', [{ ...warning(0), ...runStarted() }]);
    let heard = 0;
    run.listen((events) => (heard += events.length));
    for (let seq = 1; seq <= 60_000; seq++) run.add(report(seq));
    run.flush();
    assert.equal(heard, 60_000);
    assert.ok(run.events.length <= 20_000, `${run.events.length}`);
    assert.deepEqual([run.events[0]?.seq, run.events.at(-1)?.seq], [0, 60_000]);
    assert.deepEqual([run.view?.lastSeq, run.view?.current?.step], [60_000, 60_000]);
  });

  it('tells nothing to who has stopped listening', () => {
    const run = new LiveRun('/runs/1');
    const heard: number[] = [];
    const stop = run.listen((events) => heard.push(...seqs(events)));
    stop();
    run.add(warning(0));
    run.flush();
    assert.deepEqual(heard, []);
  });
});
