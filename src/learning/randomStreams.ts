import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/**
 * A stream of random numbers that is a function of its name alone: the run's seed, what it is for, and counters such as
 * phase and epoch. No stream has a state that would have to be saved, and none shifts when another is used more or less.
 */
export class RandomStream {
  private readonly generator: RandomGenerator;

  /** @param name what the numbers are for, then counters, such as `('shuffle', phase, epoch)` */
  constructor(seed: number, ...name: readonly (string | number)[]) {
    this.generator = xoroshiro128plus(hash(`${seed}/${name.join('/')}`));
  }

  /** A whole number, 0 … below − 1. */
  integer(below: number): number {
    return uniformInt(this.generator, 0, below - 1);
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return uniformFloat64(this.generator);
  }

  /** Standard normal, by Box and Muller. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** 0 … length − 1 in random order (Fisher and Yates). */
  permutation(length: number): Int32Array {
    const order = Int32Array.from({ length }, (_, i) => i);
    for (let i = length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const moved = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = moved;
    }
    return order;
  }
}

/** 32-bit FNV-1a with a final mix, so that names that differ in one counter give unrelated seeds. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
