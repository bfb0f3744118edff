// When a process of the soak is killed: at any time of a run, but also where a run spends too little of its time for chance to find it.
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';

/** Numbers in [0, 1) that a seed repeats. */
export function randomFrom(seed) {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/**
 * Draws moments. `afterMs`: milliseconds from the process's start on. `inWrite`: while the n-th file from then on is written (run.json,
 * a resume point, a phase's file), `afterMs` at the latest.
 * @param whole, startUp, longestStage milliseconds that the uninterrupted run took, all, to its first step, and for its longest stage
 */
export function killMoments(random, { whole, startUp, longestStage }) {
  return (attempt) => {
    const kind = random();
    // The first kill may come anywhere in the run; a later process mostly gets through a stage, so that each run comes to its end.
    const anywhere = random() * (attempt === 0 ? whole : 2 * (startUp + longestStage));
    if (kind < 1 / 6) return { name: 'in its start-up', afterMs: random() * startUp };
    if (kind < 1 / 2) return { name: 'in a write', afterMs: whole, inWrite: 1 + Math.floor(random() * 8), delayMs: random() * 20 };
    return { name: 'at some time', afterMs: anywhere };
  };
}
