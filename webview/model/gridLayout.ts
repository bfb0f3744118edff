/** Where the cells of an exemplar grid lie, in CSS pixels. A cell holds its parts side by side and a caption under them. */
export interface GridLayout {
  readonly columns: number;
  readonly rows: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly width: number;
  readonly height: number;
  /** Cells that fit; fewer than asked for where the canvas would grow too tall. */
  readonly count: number;
}

export const PART_GAP = 2;
export const CELL_GAP = 14;
export const CAPTION_HEIGHT = 18;
/** Browsers refuse canvases of more than 16384 device pixels; at two device pixels each this stays below. */
const MAX_HEIGHT = 8000;

/** @param maxRows rows wanted at most. */
export function gridLayout(count: number, parts: number, size: number, available: number, maxRows: number): GridLayout {
  const cellWidth = parts * size + (parts - 1) * PART_GAP;
  const columns = Math.max(1, Math.min(count, Math.floor((available + CELL_GAP) / (cellWidth + CELL_GAP))));
  const cellHeight = size + CAPTION_HEIGHT;
  const rows = Math.min(Math.ceil(count / columns), maxRows, Math.max(1, Math.floor(MAX_HEIGHT / (cellHeight + CELL_GAP))));
  return {
    columns,
    rows,
    cellWidth,
    cellHeight,
    width: columns * cellWidth + (columns - 1) * CELL_GAP,
    height: Math.max(0, rows * (cellHeight + CELL_GAP) - CELL_GAP),
    count: Math.min(count, rows * columns),
  };
}

export const cellOrigin = (cell: number, { columns, cellWidth, cellHeight }: GridLayout): { x: number; y: number } => ({
  x: (cell % columns) * (cellWidth + CELL_GAP),
  y: Math.floor(cell / columns) * (cellHeight + CELL_GAP),
});

/** The cell at a point; null between cells. */
export function cellAt(x: number, y: number, layout: GridLayout): number | null {
  const column = Math.floor(x / (layout.cellWidth + CELL_GAP));
  const row = Math.floor(y / (layout.cellHeight + CELL_GAP));
  const inside =
    x >= 0 && y >= 0 && x % (layout.cellWidth + CELL_GAP) < layout.cellWidth && y % (layout.cellHeight + CELL_GAP) < layout.cellHeight;
  const cell = row * layout.columns + column;
  return inside && column < layout.columns && cell < layout.count ? cell : null;
}
