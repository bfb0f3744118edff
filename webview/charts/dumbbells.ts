import { niceTicks } from '../model/niceTicks';
import { fill, h } from '../ui/h';
import { oncePerFrame } from '../ui/frame';
import type { Tooltip } from '../ui/tooltip';
import { svg } from './svg';

export type Mark = 'chosen' | 'stored' | 'now';

/** Values of one thing in several versions, joined by a line. */
export interface Dumbbell {
  readonly kind: 'new' | 'old';
  /** In the order in which they came about. */
  readonly marks: readonly { readonly mark: Mark; readonly value: number; /** What the tooltip says. */ readonly text: string }[];
}

export interface DumbbellContent {
  readonly groups: readonly { readonly label: string; readonly heading: string; readonly bells: readonly Dumbbell[] }[];
  readonly axis: string;
  readonly value: (y: number) => string;
  readonly words: Readonly<Record<Mark, string>>;
  /** What the picture shows, in words. */
  readonly summary: string;
}

export interface Dumbbells {
  readonly element: HTMLElement;
  show(content: DumbbellContent): void;
}

/** Left of the picture at least, and beside its longest number. */
const [LEFT, BESIDE_NUMBER, DIGIT] = [46, 12, 6.5];
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 34;
const KINDS = { new: 'new exemplars', old: 'old exemplars' } as const;

/** What became of values from one version to the next, side by side for each phase: pairs that no line across phases would join. */
export function dumbbells(tooltip: Tooltip): Dumbbells {
  const holder = h('div', { class: 'dumbbells' });
  const keys = h('div', { class: 'legend dumbbell-legend' });
  let content: DumbbellContent | null = null;
  const draw = oncePerFrame(() => {
    if (content && holder.clientWidth > 0) fill(holder, picture(content, holder.clientWidth, holder.clientHeight, tooltip));
  });
  new ResizeObserver(draw).observe(holder);
  return {
    element: h('div', { class: 'dumbbell-holder' }, holder, keys),
    show(next) {
      content = next;
      const marks = (['chosen', 'stored', 'now'] as const).filter((mark) =>
        next.groups.some(({ bells }) => bells.some((b) => b.marks.some((m) => m.mark === mark))),
      );
      const kinds = (['new', 'old'] as const).filter((kind) => next.groups.some(({ bells }) => bells.some((b) => b.kind === kind)));
      fill(keys, ...kinds.map((kind) => key(kind, 'now', KINDS[kind])), ...marks.map((mark) => key(null, mark, next.words[mark])));
      draw();
    },
  };
}

function key(kind: Dumbbell['kind'] | null, mark: Mark, label: string): HTMLElement {
  const sample = svg('svg', { viewBox: '0 0 28 12', width: 28, height: 12, 'aria-hidden': 'true' });
  const group = svg('g', { class: `bell bell-${kind ?? 'any'}` });
  if (kind) group.append(svg('line', { x1: 1, x2: 27, y1: 6, y2: 6, class: 'bell-line' }));
  else group.append(markShape(mark, 14, 6));
  sample.append(group);
  return h('span', { class: 'legend-entry' }, sample, label);
}

function picture(content: DumbbellContent, width: number, height: number, tooltip: Tooltip): SVGSVGElement {
  const values = content.groups.flatMap(({ bells }) => bells.flatMap(({ marks }) => marks.map(({ value }) => value)));
  const ticks = niceTicks(Math.min(...values), Math.max(...values), 5);
  const [low, high] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const y = (value: number) => TOP + (1 - (value - low) / (high - low || 1)) * (height - TOP - BOTTOM);
  const left = Math.max(LEFT, BESIDE_NUMBER + DIGIT * Math.max(...ticks.map((tick) => content.value(tick).length)));
  const step = (width - left - RIGHT) / content.groups.length;
  const every = Math.ceil(24 / step);
  return svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': content.summary },
    ...ticks.flatMap((tick) => [
      svg('line', { x1: left, x2: width - RIGHT, y1: y(tick), y2: y(tick), class: 'bell-grid' }),
      svg('text', { x: left - 6, y: y(tick) + 4, class: 'bell-text bell-tick' }, content.value(tick)),
    ]),
    ...content.groups.flatMap(({ label, heading, bells }, i) => {
      const middle = left + (i + 0.5) * step;
      const apart = Math.min(16, step / 3);
      const place = (index: number) => middle + (index - (bells.length - 1) / 2) * apart;
      const target = svg('rect', { x: left + i * step, y: TOP, width: step, height: height - TOP - BOTTOM, class: 'bell-target' });
      tooltip.attach(target, () => [h('strong', {}, heading), facts(bells, content)]);
      return [
        ...(i % every === 0 ? [svg('text', { x: middle, y: height - BOTTOM + 16, class: 'bell-text bell-label' }, label)] : []),
        target,
        ...bells.map(({ kind, marks }, index) => bell(kind, marks, place(index), y)),
      ];
    }),
    svg('text', { x: left + (width - left - RIGHT) / 2, y: height - 3, class: 'bell-text bell-label' }, content.axis),
  );
}

function bell(kind: Dumbbell['kind'], marks: Dumbbell['marks'], x: number, y: (value: number) => number): SVGGElement {
  const ys = marks.map(({ value }) => y(value));
  return svg(
    'g',
    { class: `bell bell-${kind}` },
    svg('line', { x1: x, x2: x, y1: Math.min(...ys), y2: Math.max(...ys), class: 'bell-line' }),
    ...marks.map(({ mark, value }) => markShape(mark, x, y(value))),
  );
}

/** Versions differ in their shape, so that they are told apart without colour. */
function markShape(mark: Mark, x: number, y: number): SVGPathElement {
  const shapes = {
    chosen: `M${x - 3.5} ${y}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z`,
    stored: `M${x} ${y - 4.5}L${x + 4.5} ${y}L${x} ${y + 4.5}L${x - 4.5} ${y}z`,
    now: `M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z`,
  };
  return svg('path', { d: shapes[mark], class: `bell-mark bell-${mark}` });
}

function facts(bells: readonly Dumbbell[], { words }: DumbbellContent): HTMLElement {
  const lines = bells.flatMap(({ kind, marks }) => marks.map((m) => ({ name: `${KINDS[kind]}, ${words[m.mark]}`, text: m.text })));
  return h('dl', { class: 'facts bell-facts' }, ...lines.map(({ name, text }) => h('div', {}, h('dt', {}, name), h('dd', {}, text))));
}
