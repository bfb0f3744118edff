import assert from 'node:assert/strict';
import fc from 'fast-check';
import { blockCount, classBlock } from '../../src/learning/classBlocks';

describe('blocks of classes', () => {
  it('go over every class once a round, in even blocks that are no larger than asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 70 }),
        fc.nat(5),
        fc.nat(1000),
        (classes, perStep, round, seed) => {
          const blocks = blockCount(classes, perStep);
          const dealt = Array.from({ length: blocks }, (_, b) => classBlock(classes, perStep, round * blocks + b, seed, ['blocks']));
          assert.ok(dealt.every((block) => block.round === round));
          const sizes = dealt.map(({ positions }) => positions.length);
          assert.ok(Math.max(...sizes) <= perStep);
          assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
          assert.deepEqual(
            dealt.flatMap(({ positions }) => positions).sort((a, b) => a - b),
            [...Array(classes).keys()],
          );
        },
      ),
    );
  });

  it('are all classes at every step where none are to be left out', () => {
    assert.deepEqual(classBlock(3, 0, 7, 1, []), { positions: [0, 1, 2], round: 7 });
    assert.deepEqual(classBlock(3, 3, 7, 1, []), { positions: [0, 1, 2], round: 7 });
  });

  it('are the same for the same step, and others in another round', () => {
    const round = (r: number) => [0, 1, 2, 3].map((b) => classBlock(20, 5, 4 * r + b, 1, ['x']).positions);
    assert.deepEqual(round(0), round(0));
    assert.notDeepEqual(round(0), round(1));
  });
});
