import type { MarkView } from '../../src/protocol/runView';

type Kind = MarkView['kind'];

/** Glyphs side by side in one place. */
export interface MarkCluster {
  /** Where its first glyph begins, in pixels. */
  readonly left: number;
  readonly kinds: readonly Kind[];
}

/**
 * Places glyphs so that none hides another: those that would overlap stand side by side over the middle of their places, each
 * kind once, in the order of their places, and no further outside of the lane than one glyph would.
 * @param marks their places in pixels
 * @param glyph width of a glyph in pixels
 * @param lane width of the lane in pixels
 */
export function clusterMarks(marks: readonly { readonly at: number; readonly kind: Kind }[], glyph: number, lane: number): MarkCluster[] {
  const clusters: { first: number; last: number; kinds: readonly Kind[] }[] = [];
  const leftOf = ({ first, last, kinds }: (typeof clusters)[number]) => {
    const width = kinds.length * glyph;
    return Math.max(-glyph / 2, Math.min(lane + glyph / 2 - width, (first + last - width) / 2));
  };
  for (const { at, kind } of marks.toSorted((a, b) => a.at - b.at)) {
    let cluster = { first: at, last: at, kinds: [kind] as readonly Kind[] };
    for (let before; (before = clusters.at(-1)) && leftOf(before) + before.kinds.length * glyph > leftOf(cluster);) {
      cluster = { first: before.first, last: cluster.last, kinds: shownKinds([...before.kinds, ...cluster.kinds]) };
      clusters.pop();
    }
    clusters.push(cluster);
  }
  return clusters.map((cluster) => ({ left: leftOf(cluster), kinds: cluster.kinds }));
}

/** Each kind once, without the resumptions: the pause tells of the one that follows at its place. */
export function shownKinds(kinds: readonly Kind[]): Kind[] {
  const all = new Set(kinds);
  return [...all].filter((kind) => kind !== 'resumed' || !all.has('paused'));
}
