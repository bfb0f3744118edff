import type { Config } from '../protocol/config';
import { configError } from '../protocol/errors';

/**
 * Number of classes that each phase brings: `phaseSizes` as it stands, or half of the classes first and the rest evenly in
 * `phases` phases. A list may leave out the last classes of the class order.
 * @param classes number of classes of the data set
 * @throws LabError naming `phases` or `phaseSizes` and what would fit
 */
export function phaseSizes(config: Pick<Config, 'phases' | 'phaseSizes'>, classes: number): number[] {
  return config.phaseSizes ? listedSizes(config.phaseSizes, classes) : evenSizes(config.phases, classes);
}

/** Classes of the data set that no phase brings: the last ones of the class order. */
export const classesLeftOut = (sizes: readonly number[], classes: number): number => classes - total(sizes);

function listedSizes(sizes: readonly number[], classes: number): number[] {
  const wanted = total(sizes);
  if (wanted > classes) {
    throw configError(
      `"phaseSizes" adds up to ${wanted} classes, but the data set has ${classes}: take ${wanted - classes} away (it is ${sizes.join(', ')}).`,
    );
  }
  return [...sizes];
}

function evenSizes(phases: number, classes: number): number[] {
  const first = Math.ceil(classes / 2);
  const rest = classes - first;
  if (rest < 1 || rest % phases !== 0) {
    const good = Array.from({ length: rest }, (_, i) => i + 1).filter((n) => rest % n === 0);
    const remedy = good.length > 0 ? `set it to one of ${good.join(', ')}` : 'use a data set of two classes or more';
    throw configError(
      `"phases" must divide the ${rest} classes that are left after phase 0 of ${classes} classes: ${remedy}, or list the classes of each phase in "phaseSizes" (it is ${phases}).`,
    );
  }
  return [first, ...new Array<number>(phases).fill(rest / phases)];
}

const total = (sizes: readonly number[]): number => sizes.reduce((a, b) => a + b, 0);
