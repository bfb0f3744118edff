import { heldOutOfEachClass } from '../learning/heldOut';
import { RandomStream } from '../learning/randomStreams';
import type { ClassInfo } from '../protocol/events';
import { examplesOf, type Examples } from './batches';
import { exemplarsPerClass, type StageContext } from './stages/stage';

/** Rows in two parts: what may be trained on, and what is held out for the host's bias correction, which is nothing for most hosts. */
interface Split {
  readonly train: readonly number[];
  readonly heldOut: readonly number[];
}

/**
 * Rows of the exemplars of classes in [from, to). Every class holds out as many, and of those that it will keep when memory
 * shrinks in this phase, so that the choice is the same before and after.
 */
export function splitExemplars(context: StageContext, from: number, to: number): Split {
  return splitEachClass(
    context,
    'exemplars',
    context.state.memory.rowsOf(from, to),
    context.state.memory.classes,
    exemplarsPerClass(context),
  );
}

/**
 * Training images of new classes: those that (6), the choice of exemplars and (9) may see, and, as many a class as each old
 * class has held-out exemplars, those that they may not.
 */
export function splitNewImages(
  context: StageContext,
  classes: readonly ClassInfo[],
): { readonly train: Examples; readonly heldOut: Examples } {
  const all = examplesOf(context.data, 'train', classes);
  const { train, heldOut } = splitEachClass(context, 'images', [...all.classes.keys()], all.classes, Infinity);
  return { train: chosenExamples(all, train), heldOut: chosenExamples(all, heldOut) };
}

/** Some of the examples. */
export const chosenExamples = ({ images, classes }: Examples, rows: readonly number[]): Examples => ({
  images: {
    count: rows.length,
    decodes: images.decodes,
    write: (i, target, offset, change) => images.write(rows[i] ?? 0, target, offset, change),
  },
  classes: Int32Array.from(rows, (row) => classes[row] ?? -1),
});

/** Splits rows class by class with a stream of the phase and class; only the first `among` rows of a class can be held out. */
function splitEachClass(context: StageContext, what: string, rows: readonly number[], classes: Int32Array, among: number): Split {
  const { seed } = context.config();
  const { phase } = context.phase;
  const count = heldOutOfEachClass(context.config(), phase, exemplarsPerClass(context));
  if (count === 0) return { train: rows, heldOut: [] };
  const heldOut = new Set<number>();
  for (const c of new Set(rows.map((row) => classes[row] ?? -1))) {
    const eligible = rows.filter((row) => classes[row] === c).slice(0, among);
    const order = new RandomStream(seed, 'held-out', what, phase, c).permutation(eligible.length);
    for (const at of order.subarray(0, count)) heldOut.add(eligible[at] ?? -1);
  }
  return { train: rows.filter((row) => !heldOut.has(row)), heldOut: rows.filter((row) => heldOut.has(row)) };
}
