import { dataError } from '../protocol/errors';
import type { LabelledImages } from './dataSet';

/**
 * The first so many images of each class, in their order; all of them where `perClass` is undefined.
 * @param part `training` or `test`, for the message
 * @throws LabError `data-invalid` where a class has fewer, or none at all.
 */
export function firstPerClass(
  data: LabelledImages,
  classNames: readonly string[],
  perClass: number | undefined,
  part: 'training' | 'test',
): LabelledImages {
  const taken = new Array<number>(classNames.length).fill(0);
  const chosen: number[] = [];
  data.labels.forEach((label, i) => {
    const count = taken[label] ?? 0;
    if (perClass !== undefined && count >= perClass) return;
    taken[label] = count + 1;
    chosen.push(i);
  });
  const needed = perClass ?? 1;
  const short = taken.findIndex((count) => count < needed);
  if (short >= 0) {
    const remedy = perClass === undefined ? 'use the complete data set' : `lower ${part === 'training' ? 'trainPerClass' : 'testPerClass'}`;
    throw dataError(`Class "${classNames[short]}" has ${taken[short]} ${part} images where ${needed} are needed; ${remedy}.`);
  }
  if (perClass === undefined) return data;
  const imageBytes = data.images.length / data.labels.length;
  const images = new Uint8Array(chosen.length * imageBytes);
  chosen.forEach((from, to) => images.set(data.images.subarray(from * imageBytes, (from + 1) * imageBytes), to * imageBytes));
  return { images, labels: Uint8Array.from(chosen, (i) => data.labels[i]!) };
}
