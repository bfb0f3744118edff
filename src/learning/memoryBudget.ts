import type { Config } from '../protocol/config';
import { configError } from '../protocol/errors';
import type { ClassInfo } from '../protocol/events';

type MemoryConfig = Pick<Config, 'memory' | 'exemplarsPerClass' | 'exemplarsTotal'>;

/** (10) halves a class's exemplars, so each class keeps two or more. */
const FEWEST = 2;

/**
 * Exemplars kept of each class after a phase, the same number for every class: fine-tuning is on balanced data. A total
 * gives every class the same share of it, rounded down, but no more than the smallest class seen has images.
 * Never grows from one phase to the next.
 * @param seen classes up to and including the phase
 * @param trainCounts training images of each label
 */
export function exemplarsOfEachClass(config: MemoryConfig, seen: readonly ClassInfo[], trainCounts: readonly number[]): number {
  if (config.memory === 'per-class') return config.exemplarsPerClass;
  const smallest = Math.min(...seen.map(({ label }) => trainCounts[label] ?? 0));
  return Math.min(Math.floor(config.exemplarsTotal / seen.length), smallest);
}

/** Checks that every class of a run can keep its share. @throws LabError naming the field and what it must be at least, or at most */
export function assertMemoryFits(config: MemoryConfig, classes: readonly ClassInfo[], trainCounts: readonly number[]): void {
  if (config.memory === 'total' && config.exemplarsTotal < FEWEST * classes.length) {
    throw configError(
      `"exemplarsTotal" is ${config.exemplarsTotal}, less than ${FEWEST} images for each of the ${classes.length} classes: raise it to ${FEWEST * classes.length} or more.`,
    );
  }
  const needed = config.memory === 'total' ? FEWEST : config.exemplarsPerClass;
  const few = classes.find(({ label }) => (trainCounts[label] ?? 0) < needed);
  if (!few) return;
  const has = `class ${few.name} has only ${trainCounts[few.label] ?? 0} training images`;
  throw configError(
    config.memory === 'total'
      ? `Each class keeps ${FEWEST} exemplars or more, but ${has}: raise "trainPerClass".`
      : `"exemplarsPerClass" is ${config.exemplarsPerClass}, but ${has}: lower it, or raise "trainPerClass".`,
  );
}
