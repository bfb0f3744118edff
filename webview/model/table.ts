export type Cell = string | number | null;

/** The numbers behind a view: shown as its table twin and copied as CSV. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly { readonly title: string; readonly format?: (value: number) => string }[];
  readonly rows: readonly (readonly Cell[])[];
}

/** RFC 4180, numbers in full precision; an unknown value is an empty field. */
export function toCsv({ columns, rows }: Table): string {
  const line = (cells: readonly Cell[]) => cells.map(field).join(',');
  return `${[columns.map(({ title }) => title), ...rows].map(line).join('\r\n')}\r\n`;
}

/** What a cell shows: formatted where the column has a format, an en dash for an unknown value. */
export function cellText(table: Table, row: number, column: number): string {
  const value = table.rows[row]?.[column] ?? null;
  if (value === null) return '–';
  const format = table.columns[column]?.format;
  return typeof value === 'number' && format ? format(value) : String(value);
}

function field(value: Cell): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
