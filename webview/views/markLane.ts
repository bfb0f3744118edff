import type { MarkView } from '../../src/protocol/runView';
import { clusterMarks } from '../model/clusterMarks';
import { fill, h } from '../ui/h';
import { icon, type IconName } from '../ui/icons';

type Kind = MarkView['kind'];

export const MARK_ICONS: Readonly<Record<Kind, IconName>> = {
  warning: 'warning',
  continued: 'bolt',
  setting: 'sliders',
  paused: 'pause',
  resumed: 'resume',
};

/** Width of a glyph in pixels, as in timeline.css. */
const GLYPH = 14;

/** The glyphs above the blocks of a row. */
export interface MarkLane {
  readonly element: HTMLElement;
  /** @param marks with their places in pixels from the lane's begin, which is so many wide */
  show(marks: readonly { readonly at: number; readonly kind: Kind }[], width: number): void;
}

export function markLane(): MarkLane {
  // The blocks below say the same in their names and hovers.
  const element = h('div', { class: 'mark-lane', 'aria-hidden': 'true' });
  let shown = '';
  return {
    element,
    show(marks, width) {
      const key = JSON.stringify([marks, width]);
      if (key === shown) return;
      shown = key;
      fill(
        element,
        ...clusterMarks(marks, GLYPH, width).map(({ left, kinds }) => {
          const cluster = h(
            'span',
            { class: 'mark-cluster' },
            ...kinds.map((kind) => h('span', { class: `mark mark-${kind}` }, icon(MARK_ICONS[kind]))),
          );
          cluster.style.left = `${left.toFixed(1)}px`;
          return cluster;
        }),
      );
    },
  };
}

/** Legend of the glyphs that occur. */
export function markLegend(element: HTMLElement, kinds: readonly Kind[]): void {
  const words: Readonly<Record<Kind, string>> = {
    warning: 'warning',
    continued: 'continued after an interruption',
    setting: 'setting changed',
    paused: 'paused',
    resumed: 'resumed',
  };
  const key = kinds.join();
  if (element.dataset['kinds'] === key) return;
  element.dataset['kinds'] = key;
  fill(element, ...kinds.map((kind) => h('span', {}, icon(MARK_ICONS[kind]), words[kind])));
}
