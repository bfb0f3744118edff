import type { GridContent } from './gridContent';
import { exemplarPainter, type ExemplarPainter } from '../charts/exemplarCanvas';
import { exemplarChange } from '../model/exemplars';
import { cellAt, cellOrigin, gridLayout, PART_GAP, type GridLayout } from '../model/gridLayout';
import { oncePerFrame } from '../ui/frame';
import { h, setAttribute, setText } from '../ui/h';
import { isLight, onThemeChange, themeColour, themeKind } from '../ui/theme';
import type { Tooltip } from '../ui/tooltip';
import { enlarged, exemplarSentence } from './enlarged';

export interface ExemplarGrid {
  readonly element: HTMLElement;
  show(content: GridContent): void;
}

/** Room around the cells for their frames, of which half a pixel lies outside. */
const FRAME = 1;

/** All exemplars on one canvas: hundreds are drawn in a frame. Hover or arrow keys enlarge one. */
export function exemplarGrid(tooltip: Tooltip): ExemplarGrid {
  const canvas = h('canvas', { role: 'img', 'aria-label': 'Exemplars' });
  const spoken = h('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  const element = h(
    'div',
    { class: 'exemplar-grid', tabindex: 0, role: 'group', 'aria-label': 'Exemplar grid; arrow keys enlarge one exemplar after the other' },
    canvas,
    spoken,
  );
  let content: GridContent | null = null;
  let layout: GridLayout | null = null;
  let painter: ExemplarPainter | null = null;
  let cursor: number | null = null;

  const draw = oncePerFrame(() => {
    if (content === null || element.clientWidth === 0) return;
    const { pixels, exemplars, parts, scale, size, nameOf } = content;
    const ground = isLight(themeKind()) ? 'light' : 'dark';
    painter = exemplarPainter(pixels, scale, ground);
    layout = gridLayout(exemplars.length, parts.length, size, element.clientWidth - 2 * FRAME, content.maxRows);
    content.onDrawn(layout.count);
    const ratio = Math.max(1, Math.min(2, devicePixelRatio));
    canvas.width = Math.ceil((layout.width + 2 * FRAME) * ratio);
    canvas.height = Math.ceil((layout.height + 2 * FRAME) * ratio);
    canvas.style.width = `${layout.width + 2 * FRAME}px`;
    canvas.style.height = `${layout.height + 2 * FRAME}px`;
    setAttribute(canvas, 'aria-label', content.summary);
    const context = canvas.getContext('2d');
    if (!context) return;
    context.scale(ratio, ratio);
    context.translate(FRAME, FRAME);
    context.font = `11px ${themeColour('--vscode-font-family')}`;
    context.textBaseline = 'alphabetic';
    const quiet = themeColour('--vscode-descriptionForeground');
    const border = themeColour('--vscode-contrastBorder', '--vscode-widget-border');
    for (let cell = 0; cell < layout.count; cell++) {
      const exemplar = exemplars[cell] ?? 0;
      const { x, y } = cellOrigin(cell, layout);
      parts.forEach((part, p) => painter?.paint(context, part, exemplar, x + p * (size + PART_GAP), y, size));
      context.strokeStyle = cell === cursor ? themeColour('--vscode-focusBorder') : border;
      context.lineWidth = cell === cursor ? 2 : 1;
      context.strokeRect(x - 0.5, y - 0.5, layout.cellWidth + 1, size + 1);
      context.fillStyle = quiet;
      context.fillText(caption(content, exemplar, nameOf), x, y + size + 13, layout.cellWidth);
    }
  });

  const enlarge = (cell: number) => {
    if (!content || !layout || !painter) return;
    const { x, y } = cellOrigin(cell, layout);
    const box = canvas.getBoundingClientRect();
    tooltip.showAt(
      new DOMRect(box.left + x, box.top + y, layout.cellWidth, layout.cellHeight),
      enlarged(content, content.exemplars[cell] ?? 0, painter),
    );
  };
  const moveCursor = (to: number | null) => {
    cursor = to;
    draw();
    if (to === null) tooltip.hide();
    else {
      scrollToCell(canvas, to, layout);
      enlarge(to);
      if (content) setText(spoken, exemplarSentence(content, content.exemplars[to] ?? 0));
    }
  };
  canvas.addEventListener('mousemove', (event) => {
    const cell = layout && cellAt(event.offsetX - FRAME, event.offsetY - FRAME, layout);
    if (cell === null) tooltip.hide();
    else enlarge(cell);
  });
  canvas.addEventListener('mouseleave', () => tooltip.hide());
  element.addEventListener('blur', () => moveCursor(null));
  element.addEventListener('keydown', (event) => {
    const step = layout && { ArrowRight: 1, ArrowLeft: -1, ArrowDown: layout.columns, ArrowUp: -layout.columns }[event.key];
    if (!layout || !step) return;
    const to = cursor === null ? 0 : cursor + step;
    if (to < 0 || to >= layout.count) return;
    event.preventDefault();
    moveCursor(to);
  });
  new ResizeObserver(draw).observe(element);
  onThemeChange(draw);
  return {
    element,
    show(next) {
      content = next;
      draw();
    },
  };
}

/** The class, and how far this one moved where anything did. */
function caption({ pixels, parts }: GridContent, exemplar: number, nameOf: (classIndex: number) => string): string {
  const name = nameOf(pixels.classes[exemplar] ?? 0);
  return parts.length === 1 ? name : `${name} · ${exemplarChange(pixels, exemplar).mean.toFixed(3)}`;
}

/** Scrolling by key would hide the enlargement again, so the cell is brought into sight first. */
function scrollToCell(canvas: HTMLCanvasElement, cell: number, layout: GridLayout | null): void {
  if (!layout) return;
  const top = canvas.getBoundingClientRect().top + cellOrigin(cell, layout).y;
  if (top < 60) scrollBy(0, top - 60);
  else if (top + layout.cellHeight > innerHeight - 20) scrollBy(0, top + layout.cellHeight - innerHeight + 20);
}
