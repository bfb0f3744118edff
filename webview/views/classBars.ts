import type { ClassAccuracy } from '../model/confusion';
import { inPercent } from '../model/format';
import { fill, h } from '../ui/h';

/** A row per class with a bar for each classifier. */
export function classBars(): { element: HTMLElement; show(rows: readonly ClassAccuracy[]): void } {
  const body = h('tbody');
  const head = h(
    'thead',
    {},
    h(
      'tr',
      {},
      h('th', { scope: 'col' }, 'Class'),
      h('th', { scope: 'col', class: 'number' }, 'Phase'),
      h('th', { scope: 'col', colspan: 2 }, 'softmax'),
      h('th', { scope: 'col', colspan: 2 }, 'nearest mean'),
    ),
  );
  const table = h('table', { class: 'class-bars' }, head, body);
  return {
    element: h('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': 'Accuracy of each class' }, table),
    show(rows) {
      fill(
        body,
        ...rows.map(({ name, phase, softmax, nearestMean }) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, name),
            h('td', { class: 'number' }, phase),
            ...bar(softmax, 'softmax'),
            ...bar(nearestMean, 'nearest-mean'),
          ),
        ),
      );
    },
  };
}

function bar(fraction: number, kind: string): HTMLElement[] {
  const filled = h('span', { class: `class-bar ${kind}`, 'aria-hidden': 'true' });
  filled.style.width = `${fraction * 100}%`;
  return [h('td', { class: 'class-track' }, h('div', {}, filled)), h('td', { class: 'number' }, inPercent(fraction))];
}
