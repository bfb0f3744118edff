import { HOSTS_BY_NAME } from '../hosts/hosts';
import type { Config } from '../protocol/config';
import { configError } from '../protocol/errors';
import type { ClassInfo } from '../protocol/events';

/**
 * Images of each class that a phase keeps from training in order to fit the host's bias correction: exemplars of old classes
 * and, as many, images of new ones. At least one; 0 in phase 0 and where the host corrects nothing.
 * @param perClass exemplars of each class once the phase has selected its own, 2 or more
 */
export function heldOutOfEachClass(config: Config, phase: number, perClass: number): number {
  const correction = HOSTS_BY_NAME[config.host].biasCorrection?.(config);
  return !correction || phase === 0 ? 0 : Math.max(1, Math.round(correction.heldOut * perClass));
}

/** Checks that new classes have images left to choose exemplars from. @throws LabError naming the class and the remedy */
export function assertHeldOutFits(heldOut: number, perClass: number, classes: readonly ClassInfo[], trainCounts: readonly number[]): void {
  const few = classes.find(({ label }) => (trainCounts[label] ?? 0) < perClass + heldOut);
  if (!few) return;
  throw configError(
    `Class ${few.name} has only ${trainCounts[few.label] ?? 0} training images, but the host holds out ${heldOut} beside the ${perClass} exemplars: keep fewer exemplars, or raise "trainPerClass".`,
  );
}
