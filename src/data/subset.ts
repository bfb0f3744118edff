import { dataError } from '../protocol/errors';
import type { Images, LabelledImages } from './dataSet';

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
  return { images: selected(data, chosen), labels: Uint16Array.from(chosen, (i) => data.labels[i]!) };
}

function selected({ images, labels }: LabelledImages, chosen: readonly number[]): Images {
  if (!(images instanceof Uint8Array)) return images.select(chosen);
  const imageBytes = images.length / labels.length;
  const result = new Uint8Array(chosen.length * imageBytes);
  chosen.forEach((from, to) => result.set(images.subarray(from * imageBytes, (from + 1) * imageBytes), to * imageBytes));
  return result;
}
