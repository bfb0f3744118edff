import { cellText, toCsv, type Table } from '../model/table';
import { copyText } from './clipboard';
import { fill, h, setAttribute, setText } from './h';
import { button } from './toolkit';

/** The table twin of a view: hidden until asked for, in the same section, with a button to copy it as CSV. */
export interface TableTwin {
  /** Buttons for the section's head. */
  readonly controls: HTMLElement;
  readonly element: HTMLElement;
  show(table: Table): void;
}

/** @param name what the table is of, spoken with the buttons. */
export function tableTwin(name: string, open: boolean, onToggle: (open: boolean) => void): TableTwin {
  let table: Table | null = null;
  let shown = open;
  const holder = h('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': `Table: ${name}` });
  const toggle = button('Show as table', () => set(!shown), { icon: 'table', appearance: 'icon', title: `${name} as a table` });
  const said = h('span', { class: 'quiet', 'aria-live': 'polite' });
  const copy = button('Copy as CSV', () => void copyNow(), {
    icon: 'copy',
    appearance: 'icon',
    title: `Copy ${name.toLowerCase()} as CSV`,
  });
  const set = (value: boolean) => {
    shown = value;
    draw();
    onToggle(shown);
  };
  const copyNow = async () => {
    setText(said, table && (await copyText(toCsv(table))) ? 'Copied' : 'Copying was refused');
    setTimeout(() => setText(said, ''), 2000);
  };
  const controls = h('div', { class: 'twin-controls' }, said, toggle, copy);
  const draw = () => {
    controls.hidden = table === null || table.rows.length === 0;
    holder.hidden = !shown || controls.hidden;
    setAttribute(toggle, 'aria-label', `${shown ? 'Hide' : 'Show'} table: ${name}`);
    setAttribute(toggle, 'aria-pressed', String(shown));
    if (shown && table) update(holder, table);
  };
  setAttribute(copy, 'aria-label', `Copy CSV: ${name}`);
  draw();
  return {
    controls,
    element: holder,
    show(next) {
      table = next;
      draw();
    },
  };
}

/** Same columns and number of rows: the cells change in place, so that a selection in them stays while a run goes on. */
function update(holder: HTMLElement, table: Table): void {
  const shape = JSON.stringify([table.caption, table.columns, table.rows.length]);
  const cells = holder.querySelectorAll('td');
  if (holder.dataset['shape'] === shape && cells.length === table.rows.length * table.columns.length) {
    cells.forEach((cell, i) => setText(cell, cellText(table, Math.floor(i / table.columns.length), i % table.columns.length)));
    return;
  }
  holder.dataset['shape'] = shape;
  fill(holder, tableElement(table));
}

/** A plain table with numbers aligned right. */
export function tableElement(table: Table): HTMLTableElement {
  const numeric = table.columns.map(
    (_, c) => table.rows.some((row) => typeof row[c] === 'number') && table.rows.every((row) => typeof row[c] !== 'string'),
  );
  return h(
    'table',
    {},
    h('caption', {}, table.caption),
    h('thead', {}, h('tr', {}, ...table.columns.map(({ title }, c) => h('th', { scope: 'col', class: numeric[c] && 'number' }, title)))),
    h(
      'tbody',
      {},
      ...table.rows.map((row, r) => h('tr', {}, ...row.map((_, c) => h('td', { class: numeric[c] && 'number' }, cellText(table, r, c))))),
    ),
  );
}
