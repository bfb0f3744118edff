import { NOTHING_MOVED } from '../../src/protocol/metrics';
import type { ClassChange } from '../model/exemplars';
import { fill, h } from '../ui/h';

export interface ChangeBars {
  readonly element: HTMLElement;
  show(changes: readonly ClassChange[], nameOf: (classIndex: number) => string): void;
}

/** How far each class's exemplars moved: a bar and its numbers. */
export function changeBars(): ChangeBars {
  const body = h('tbody');
  const sentence = h('p', { class: 'quiet' });
  const head = (...titles: string[]) =>
    h('thead', {}, h('tr', {}, ...titles.map((title, i) => h('th', { scope: 'col', class: i > 1 && 'number' }, title))));
  const table = h('table', { class: 'change-bars' }, head('Class', 'Mean |after − before|', '', 'Largest'), body);
  return {
    element: h('div', { class: 'changes' }, h('h3', {}, 'Pixel change'), sentence, table),
    show(changes, nameOf) {
      const longest = Math.max(...changes.map((c) => c.mean), 0);
      const still = changes.length > 0 && changes.every((c) => c.mean < NOTHING_MOVED);
      fill(
        sentence,
        still ? 'Nothing moved: the mean change of every class is below 0.0001.' : 'Normalised pixels, over all exemplars of a class.',
      );
      table.hidden = still;
      fill(
        body,
        ...changes.map(({ classIndex, mean, max }) => {
          const bar = h('span', { class: 'change-bar', 'aria-hidden': 'true' });
          bar.style.width = `${longest > 0 ? (mean / longest) * 100 : 0}%`;
          const moved = mean >= NOTHING_MOVED;
          return h(
            'tr',
            {},
            h('th', { scope: 'row' }, nameOf(classIndex)),
            h('td', { class: 'change-track' }, bar),
            h('td', { class: 'number' }, moved ? mean.toFixed(4) : 'nothing moved'),
            h('td', { class: 'number' }, moved ? max.toFixed(3) : ''),
          );
        }),
      );
    },
  };
}
