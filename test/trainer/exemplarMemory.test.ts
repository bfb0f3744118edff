import assert from 'node:assert/strict';
import fc from 'fast-check';
import { classIndexSchema } from '../../src/protocol/ids';
import { ExemplarMemory } from '../../src/trainer/exemplarMemory';

const image = { height: 1, width: 2, channels: 1 };
const index = (value: number) => classIndexSchema.parse(value);

/** Classes of different sizes; the pixels of exemplar k of class c are c + k / 100. */
function memoryOf(sizes: readonly number[]): ExemplarMemory {
  const memory = new ExemplarMemory(image);
  sizes.forEach((size, c) =>
    memory.add(
      index(c),
      Float32Array.from({ length: 2 * size }, (_, p) => c + Math.floor(p / 2) / 100),
    ),
  );
  return memory;
}

describe('the exemplar memory', () => {
  it('shrinks to the first exemplars of each class, and keeps what each was before and has become', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 9 }),
        (sizes, perClass) => {
          const memory = memoryOf(sizes);
          const learned = memory.gather([...memory.classes.keys()]).map((pixel) => pixel + 0.5);
          memory.scatter([...memory.classes.keys()], learned);
          memory.shrink(perClass);
          const kept = sizes.map((size) => Math.min(size, perClass));
          const expected = memoryOf(kept);
          assert.deepEqual(memory.classes, expected.classes);
          assert.deepEqual(memory.before, expected.before);
          assert.deepEqual(
            memory.after,
            expected.after.map((pixel) => pixel + 0.5),
          );
        },
      ),
    );
  });

  it('a smaller memory is the prefix of a larger one, by whatever steps it shrank', () => {
    const [atOnce, bySteps] = [memoryOf([8, 5, 7]), memoryOf([8, 5, 7])];
    atOnce.shrink(3);
    for (const perClass of [7, 5, 4, 3]) bySteps.shrink(perClass);
    assert.deepEqual(bySteps, atOnce);
  });
});
