import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CondensedLog } from '../../src/protocol/condensedLog';
import type { RunEvent } from '../../src/protocol/events';
import { foldEvents } from '../../src/protocol/foldEvents';
import type { RunView } from '../../src/protocol/runView';
import { randomLog } from '../store/support/randomLog';
import { progress, runStarted, START } from '../store/support/sampleRun';

const condensed = (events: readonly RunEvent[], most?: number) => {
  const log = new CondensedLog(most);
  for (const event of events) log.add(event);
  return log;
};
/** Everything but the loss curves, and these. */
const parts = (view: RunView | null) => {
  const curves = view?.phases.map(({ stages }) => stages.map(({ losses }) => [...losses])) ?? [];
  return { curves, rest: JSON.parse(JSON.stringify(view, (key, value: unknown) => (key === 'losses' ? undefined : value))) as unknown };
};

describe('a condensed log', () => {
  it('folds to the same view as the whole log, but for the density of its loss curves', () => {
    fc.assert(
      fc.property(randomLog, fc.integer({ min: 1, max: 60 }), (events, most) => {
        const [short, whole] = [foldEvents(condensed(events, most).events), foldEvents(events)].map(parts);
        assert.deepEqual(short?.rest, whole?.rest);
        for (const [p, stages] of short?.curves.entries() ?? [])
          for (const [s, curve] of stages.entries()) {
            const all = new Set(whole?.curves[p]?.[s]?.map((point) => JSON.stringify(point)));
            assert.ok(curve.every((point) => all.has(JSON.stringify(point))));
          }
      }),
    );
  });

  it('keeps every event but reports inside a row, in order, and always the newest', () => {
    fc.assert(
      fc.property(randomLog, fc.integer({ min: 1, max: 60 }), (events, most) => {
        const log = condensed(events, most);
        const others = (list: readonly RunEvent[]) => list.filter(({ kind }) => kind !== 'progress');
        assert.deepEqual(others(log.events), others(events));
        assert.equal(log.last, events.at(-1));
        assert.deepEqual(
          log.events.map(({ seq }) => seq),
          [...new Set(log.events.map(({ seq }) => seq))].sort((a, b) => a - b),
        );
      }),
    );
  });

  it('keeps a short log whole, and a long one evenly within its bounds', () => {
    const long: RunEvent[] = [
      { schemaVersion: 1, seq: 0, time: 0, ...START, ...runStarted() },
      ...Array.from({ length: 50_000 }, (_, i): RunEvent => {
        return { schemaVersion: 1, seq: i + 1, time: i, phase: 0, stage: 'train', step: i, ...progress(i) };
      }),
    ];
    assert.deepEqual(condensed(long.slice(0, 1000), 1000).events, long.slice(0, 1000));
    const kept = condensed(long, 1000).events.map(({ seq }) => seq);
    assert.ok(kept.length > 500 && kept.length <= 1000, `${kept.length}`);
    const gaps = kept.slice(2, -1).map((seq, i) => seq - (kept[i + 1] ?? 0));
    assert.deepEqual([...new Set(gaps.slice(1))], [64]);
  });
});
