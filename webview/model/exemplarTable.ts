import { number } from './format';
import type { ClassChange } from './exemplars';
import type { Table } from './table';

/** Pixel changes per class: the table twin of the bars. */
export function changesTable(changes: readonly ClassChange[], nameOf: (classIndex: number) => string): Table {
  return {
    caption: 'Pixel change |after − before| per class, in normalised pixels.',
    columns: [{ title: 'Class' }, { title: 'Exemplars' }, { title: 'Mean', format: number }, { title: 'Largest', format: number }],
    rows: changes.map((c) => [nameOf(c.classIndex), c.exemplars.length, c.mean, c.max]),
  };
}
