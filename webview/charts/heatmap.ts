import { h, setAttribute } from '../ui/h';
import { oncePerFrame } from '../ui/frame';
import { onThemeChange, themeColour } from '../ui/theme';
import type { Tooltip } from '../ui/tooltip';

export interface HeatmapContent {
  /** Rows and columns. */
  readonly size: number;
  /** Strength of a cell, 0 … 1. */
  readonly strength: (row: number, column: number) => number;
  readonly name: (index: number) => string;
  /** Lines after so many rows and columns. */
  readonly borders: readonly number[];
  /** Short text of a cell, drawn where cells are large enough. */
  readonly text: (row: number, column: number) => string;
  readonly describe: (row: number, column: number) => readonly string[];
  /** What the picture shows, in words. */
  readonly summary: string;
}

export interface Heatmap {
  readonly element: HTMLElement;
  show(content: HeatmapContent): void;
}

/** Cells at least so wide, in pixels, have their text in them, and their rows and columns their names beside them. */
const TEXT_FROM = 30;
const NAMES_FROM = 12;
/** Most room for names, at the left and below. */
const MARGIN = 64;
/** Borders closer than this would be a grid of their own. */
const BORDERS_FROM = 14;

/** Room left of and below the cells, and the width of one, in a square of so many pixels. */
function layout(width: number, { size, name }: HeatmapContent): { margin: number; cell: number } {
  if ((width - MARGIN) / size < NAMES_FROM) return { margin: 0, cell: width / size };
  const longest = Math.max(...Array.from({ length: size }, (_, i) => name(i).length));
  const margin = Math.min(MARGIN, 12 + 7 * longest);
  return { margin, cell: (width - margin) / size };
}

/** A square of coloured cells; pointer and arrow keys read single ones. */
export function heatmap(tooltip: Tooltip): Heatmap {
  const canvas = h('canvas', { role: 'img', tabindex: 0, class: 'heatmap' });
  const element = h('div', { class: 'heatmap-holder' }, canvas);
  let content: HeatmapContent | null = null;
  let at: readonly [number, number] | null = null;

  const draw = oncePerFrame(() => {
    const width = element.clientWidth;
    if (!content || width === 0) return;
    const ratio = devicePixelRatio || 1;
    canvas.width = canvas.height = Math.round(width * ratio);
    setAttribute(canvas, 'aria-label', content.summary);
    paint(canvas, content, at, ratio);
  });
  const move = (next: readonly [number, number] | null) => {
    at = next;
    draw();
    if (!content || !at) return tooltip.hide();
    const box = canvas.getBoundingClientRect();
    const { margin, cell } = layout(box.width, content);
    const [row, column] = at;
    const [title = '', ...lines] = content.describe(row, column);
    tooltip.showAt(new DOMRect(box.left + margin + column * cell, box.top + row * cell, cell, cell), [
      h('strong', {}, title),
      ...lines.map((line) => h('div', {}, line)),
    ]);
  };
  canvas.addEventListener('pointermove', (event) => {
    if (!content) return;
    const box = canvas.getBoundingClientRect();
    const { margin, cell } = layout(box.width, content);
    const row = Math.floor((event.clientY - box.top) / cell);
    const column = Math.floor((event.clientX - box.left - margin) / cell);
    move(row >= 0 && row < content.size && column >= 0 && column < content.size ? [row, column] : null);
  });
  canvas.addEventListener('pointerleave', () => move(null));
  canvas.addEventListener('blur', () => move(null));
  canvas.addEventListener('keydown', (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step || !content) return;
    event.preventDefault();
    const within = (value: number) => Math.max(0, Math.min((content?.size ?? 1) - 1, value));
    move(at ? [within(at[0] + (step[0] ?? 0)), within(at[1] + (step[1] ?? 0))] : [0, 0]);
  });
  new ResizeObserver(draw).observe(element);
  onThemeChange(draw);
  return {
    element,
    show(next) {
      content = next;
      at = null;
      draw();
    },
  };
}

function paint(canvas: HTMLCanvasElement, content: HeatmapContent, at: readonly [number, number] | null, ratio: number): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { size, strength, borders, text, name } = content;
  const { margin, cell: shown } = layout(canvas.width / ratio, content);
  const cell = shown * ratio;
  const left = (column: number) => Math.round(margin * ratio + column * cell);
  const top = (row: number) => Math.round(row * cell);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const cells = (draw: (row: number, column: number) => void) => {
    for (let row = 0; row < size; row++) for (let column = 0; column < size; column++) draw(row, column);
  };
  context.fillStyle = themeColour('--vscode-charts-blue');
  cells((row, column) => {
    // Mistakes are few beside what is right: their square root brings them out.
    context.globalAlpha = Math.sqrt(strength(row, column));
    if (context.globalAlpha > 0) context.fillRect(left(column), top(row), left(column + 1) - left(column), top(row + 1) - top(row));
  });
  context.globalAlpha = 1;
  context.font = `${11 * ratio}px ${themeColour('--vscode-font-family')}`;
  context.textBaseline = 'middle';
  if (shown >= TEXT_FROM) {
    context.textAlign = 'center';
    const [ground, ink] = [themeColour('--vscode-editor-background'), themeColour('--vscode-foreground')];
    cells((row, column) => {
      context.fillStyle = strength(row, column) > 0.35 ? ground : ink;
      context.fillText(text(row, column), left(column) + cell / 2, top(row) + cell / 2);
    });
  }
  if (margin > 0) {
    context.fillStyle = themeColour('--vscode-descriptionForeground');
    context.textAlign = 'end';
    const room = (margin - 8) * ratio;
    for (let i = 0; i < size; i++) {
      context.fillText(name(i), left(0) - 6 * ratio, top(i) + cell / 2, room);
      context.save();
      context.translate(left(i) + cell / 2, top(size) + 6 * ratio);
      context.rotate(-Math.PI / 2);
      context.fillText(name(i), 0, 0, room);
      context.restore();
    }
  }
  context.strokeStyle = themeColour('--vscode-descriptionForeground');
  context.lineWidth = ratio;
  context.strokeRect(left(0), 0, left(size) - left(0), top(size));
  borders.forEach((border, i) => {
    if (i > 0 && (border - (borders[i - 1] ?? 0)) * shown < BORDERS_FROM) return;
    context.beginPath();
    context.moveTo(left(border), 0);
    context.lineTo(left(border), top(size));
    context.moveTo(left(0), top(border));
    context.lineTo(left(size), top(border));
    context.stroke();
  });
  if (at) {
    context.strokeStyle = themeColour('--vscode-focusBorder');
    context.lineWidth = 2 * ratio;
    context.strokeRect(left(at[1]), top(at[0]), cell, cell);
  }
}
