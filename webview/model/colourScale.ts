/** A colour as bytes. */
export type Rgb = readonly [number, number, number];

/** What the largest shown difference is taken from. */
export interface DifferenceScale {
  /** Differences of −limit and +limit get the ends of the colour map. 0 where nothing differs. */
  readonly limit: number;
  readonly basis: '99.5th percentile' | 'maximum';
}

/** Ends and middle of the diverging map: the middle is the page's own ground, so that what didn't move recedes. */
const ENDS: Readonly<Record<'light' | 'dark', readonly [Rgb, Rgb, Rgb]>> = {
  light: [
    [33, 102, 172],
    [250, 250, 250],
    [178, 24, 43],
  ],
  dark: [
    [92, 172, 255],
    [24, 24, 24],
    [255, 112, 96],
  ],
};

/** Colour of a value in −1 … 1; beyond, the ends. */
export function diverging(value: number, ground: 'light' | 'dark'): Rgb {
  const [low, middle, high] = ENDS[ground];
  const t = Math.max(-1, Math.min(1, Number.isFinite(value) ? value : 0));
  const end = t < 0 ? low : high;
  const mix = (i: 0 | 1 | 2) => Math.round(middle[i] + (end[i] - middle[i]) * Math.abs(t));
  return [mix(0), mix(1), mix(2)];
}

/** A symmetric scale: the 99.5th percentile of |difference|, so that one stray pixel doesn't wash out the rest; the maximum where that is 0. */
export function differenceScale(differences: Float32Array): DifferenceScale {
  const sizes = differences.map(Math.abs).filter(Number.isFinite).sort();
  const percentile = sizes[Math.max(0, Math.ceil(sizes.length * 0.995) - 1)] ?? 0;
  if (percentile > 0) return { limit: percentile, basis: '99.5th percentile' };
  return { limit: sizes.at(-1) ?? 0, basis: 'maximum' };
}
