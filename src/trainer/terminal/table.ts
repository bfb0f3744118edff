/** Width of a text on a terminal, in columns; the product's own texts have no characters that are wider or narrower than one. */
const widthOf = (text: string): number => [...text].length;

/**
 * Pads cells so that columns align, two spaces between them; nothing follows the last cell of a line.
 * @param align `l` or `r` for each column; left where it is shorter
 */
export function alignColumns(rows: readonly (readonly string[])[], align = ''): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, c) => Math.max(0, ...rows.map((row) => widthOf(row[c] ?? ''))));
  return rows.map((row) =>
    row
      .map((cell, c) => {
        const space = ' '.repeat((widths[c] ?? 0) - widthOf(cell));
        return align[c] === 'r' ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd(),
  );
}
