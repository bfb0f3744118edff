import { RandomStream } from './randomStreams';

/** Into how many blocks the classes are dealt where an update may unroll `perStep` of them: 1 where 0 stands for all. */
export const blockCount = (classes: number, perStep: number): number => (perStep === 0 ? 1 : Math.max(1, Math.ceil(classes / perStep)));

/** The classes of one update of exemplars. */
export interface ClassBlock {
  /** Positions among the classes, 0 … classes − 1, ascending. */
  readonly positions: readonly number[];
  /** Number of earlier updates that each of these classes has had. */
  readonly round: number;
}

/**
 * Block-coordinate descent on (9) and (10): update `step` changes the exemplars of one block of classes and leaves the rest.
 * In each round the classes are dealt anew, at random and evenly, so that all have had the same number of updates after it
 * and no block has more than `perStep` classes.
 * @param stream names the random stream of the deals; the round's number is appended
 */
export function classBlock(classes: number, perStep: number, step: number, seed: number, stream: readonly (string | number)[]): ClassBlock {
  const blocks = blockCount(classes, perStep);
  const round = Math.floor(step / blocks);
  const order = new RandomStream(seed, ...stream, round).permutation(classes);
  const positions = [...order].filter((_, at) => at % blocks === step % blocks).sort((a, b) => a - b);
  return { positions, round };
}
