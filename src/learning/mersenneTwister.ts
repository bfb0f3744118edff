/** MT19937 as numpy seeds it (`RandomState(seed)`, init_genrand), for reproducing its legacy shuffle. */
export class MersenneTwister {
  private readonly state = new Uint32Array(624);
  private index = 624;

  /** @param seed 0 … 2³² − 1 */
  constructor(seed: number) {
    this.state[0] = seed;
    for (let i = 1; i < 624; i++) {
      const previous = this.at(i - 1);
      this.state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** The next 32 random bits, as an unsigned number. */
  next(): number {
    if (this.index === 624) this.refill();
    let y = this.at(this.index++);
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** Uniform in 0 … max, by rejection under a mask: numpy's legacy `random_interval` for max < 2³². */
  interval(max: number): number {
    if (max === 0) return 0;
    const mask = max === 0xffffffff ? max : 2 ** (32 - Math.clz32(max)) - 1;
    for (;;) {
      const value = (this.next() & mask) >>> 0;
      if (value <= max) return value;
    }
  }

  private refill(): void {
    for (let i = 0; i < 624; i++) {
      const y = (this.at(i) & 0x80000000) | (this.at((i + 1) % 624) & 0x7fffffff);
      this.state[i] = this.at((i + 397) % 624) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.index = 0;
  }

  private at(i: number): number {
    return this.state[i] ?? 0;
  }
}
