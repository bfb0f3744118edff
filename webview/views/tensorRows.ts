import type { TensorEntry } from '../../src/protocol/webviewMessages';
import { bytes } from '../model/format';
import { shapeText, type TensorOrder } from '../model/tensors';
import { h, type Child } from '../ui/h';
import { icon } from '../ui/icons';

/** A column's head that sorts by it. */
export function sortableHead(title: string, order: TensorOrder, className: string, onSort: () => void): HTMLElement {
  const arrow = h('span', { class: 'sort-arrow', 'aria-hidden': 'true' });
  const sort = h('button', { type: 'button', class: 'sort', on: { click: onSort } }, title, arrow);
  return h('th', { scope: 'col', class: className, 'data-order': order }, sort);
}

/** A tensor's row and, where it is open, the row of its statistics. */
export function tensorRows(
  { name, dtype, shape, bytes: size }: TensorEntry,
  detail: HTMLElement | null,
  onToggle: () => void,
): HTMLElement[] {
  const opener = h(
    'button',
    { type: 'button', class: 'tensor-name', 'aria-expanded': String(detail !== null), 'data-tensor': name },
    icon('chevron'),
    h('span', {}, ...breakable(name)),
  );
  const row = h(
    'tr',
    // The button's own click bubbles up to here, so that the whole row is its target.
    { class: 'tensor-row', on: { click: onToggle } },
    h('th', { scope: 'row' }, opener),
    h('td', {}, dtype),
    h('td', { class: 'shape' }, shapeText(shape)),
    h('td', { class: 'number' }, bytes(size)),
  );
  return detail === null ? [row] : [row, h('tr', { class: 'tensor-detail-row' }, h('td', { colspan: 4 }, detail))];
}

/** Long names wrap after a dot or an underscore, not within a word. */
const breakable = (name: string): Child[] => name.split(/(?<=[._])/).flatMap((part, i) => (i === 0 ? [part] : [h('wbr'), part]));
