import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { MarkView } from '../../src/protocol/runView';
import { clusterMarks } from '../../webview/model/clusterMarks';

const GLYPH = 14;
const KINDS: readonly MarkView['kind'][] = ['warning', 'continued', 'setting', 'paused', 'resumed'];

describe('clusterMarks', () => {
  it('puts a glyph over its place, and those that would overlap side by side over the middle of theirs', () => {
    const marks = [
      { at: 100, kind: 'setting' },
      { at: 3, kind: 'setting' },
      { at: 0, kind: 'warning' },
      { at: 20, kind: 'paused' },
      { at: 20, kind: 'resumed' },
    ] as const;
    assert.deepEqual(clusterMarks(marks, GLYPH, 500), [
      { left: -7, kinds: ['warning', 'setting', 'paused'] },
      { left: 93, kinds: ['setting'] },
    ]);
    const atTheEnd = [
      { at: 495, kind: 'setting' },
      { at: 500, kind: 'continued' },
    ] as const;
    assert.deepEqual(clusterMarks(atTheEnd, GLYPH, 500), [{ left: 507 - 28, kinds: ['setting', 'continued'] }]);
  });

  it('lets none hide another, and leaves no kind out', () => {
    const mark = fc.record({ at: fc.double({ min: 0, max: 500, noNaN: true }), kind: fc.constantFrom(...KINDS) });
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 40 }), (marks) => {
        const clusters = clusterMarks(marks, GLYPH, 500);
        clusters.forEach(({ left, kinds }, i) => {
          assert.equal(new Set(kinds).size, kinds.length);
          assert.ok(left >= -7 && left + kinds.length * GLYPH <= 507);
          const next = clusters[i + 1];
          if (next) assert.ok(left + kinds.length * GLYPH <= next.left);
        });
        const shown = new Set(clusters.flatMap(({ kinds }) => kinds));
        for (const { kind } of marks) assert.ok(shown.has(kind) || (kind === 'resumed' && shown.has('paused')));
      }),
    );
  });
});
