import { NOTHING_MOVED, type ClassChange } from '../model/exemplars';
import { number } from '../model/format';
import { fill, h } from '../ui/h';

/** How far each class's exemplars moved, as bars with their numbers. */
export function changeBars(): {
  element: HTMLElement;
  show(changes: readonly ClassChange[], nameOf: (classIndex: number) => string): void;
} {
  const list = h('ul', { class: 'change-bars' });
  const sentence = h('p', { class: 'quiet' });
  const element = h('div', { class: 'changes' }, h('h3', {}, 'Pixel change per class'), sentence, list);
  return {
    element,
    show(changes, nameOf) {
      const longest = Math.max(...changes.map((c) => c.mean), 0);
      const still = changes.length > 0 && changes.every((c) => c.mean < NOTHING_MOVED);
      fill(
        sentence,
        still
          ? 'Nothing moved: the mean |after − before| of every class is below 0.0001.'
          : 'mean |after − before| (largest), normalised pixels',
      );
      fill(
        list,
        ...changes.map(({ classIndex, mean, max }) => {
          const bar = h('span', { class: 'change-bar' });
          bar.style.width = `${longest > 0 ? (mean / longest) * 100 : 0}%`;
          const numbers = mean < NOTHING_MOVED ? 'nothing moved' : `${mean.toFixed(4)} (${number(Number(max.toPrecision(3)))})`;
          return h(
            'li',
            {},
            h('span', { class: 'change-name' }, nameOf(classIndex)),
            h('span', { class: 'change-track', 'aria-hidden': 'true' }, bar),
            h('span', { class: 'change-numbers' }, numbers),
          );
        }),
      );
    },
  };
}
