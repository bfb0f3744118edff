import type { RunView } from '../../src/protocol/runView';
import { legend } from '../charts/legend';
import { lineChart, type Axis } from '../charts/lineChart';
import type { LineStyle } from '../charts/lineStyle';
import { changesSentence, type ChangeMark } from '../model/changeMarks';
import { classesSeen, type Series } from '../model/curves';
import { plural } from '../model/format';
import type { Table } from '../model/table';
import { fill, h, setText, type Child } from '../ui/h';
import { tableTwin } from '../ui/tableTwin';

export interface StyledSeries {
  readonly series: Pick<Series, 'id' | 'label' | 'points'>;
  readonly style: LineStyle;
  /** Legend entry that the line shares with others of its kind; its own where null. */
  readonly shared: { readonly id: string; readonly label: string } | null;
}

const keyOf = ({ series, shared }: StyledSeries): { id: string; label: string } => shared ?? series;

export interface CurvePanelContent {
  readonly x: Axis & { readonly heading: (x: number) => string };
  readonly lines: readonly StyledSeries[];
  readonly y: Axis;
  readonly marks?: readonly ChangeMark[];
  /** A value in words, with its unit. */
  readonly value: (y: number) => string;
  /** What stands in the place of a chart without lines. */
  readonly empty: string;
  readonly table: Table;
}

/** A chart over the phases with its title, legend and table twin. */
export interface CurvePanel {
  readonly element: HTMLElement;
  show(content: CurvePanelContent): void;
}

export function curvePanel(
  title: string,
  className: string,
  tableOpen: boolean,
  keepTable: (open: boolean) => void,
  ...controls: readonly Child[]
): CurvePanel {
  const hidden = new Set<string>();
  let shown: CurvePanelContent | null = null;
  const twin = tableTwin(title, tableOpen, keepTable);
  const chart = lineChart(className);
  const keys = legend(title, (id) => {
    if (!hidden.delete(id)) hidden.add(id);
    if (shown) draw(shown);
  });
  const none = h('p', { class: 'empty' });
  const draw = (content: CurvePanelContent) => {
    const drawn = content.lines.filter(({ series }) => series.points.length > 0);
    const entries = new Map(drawn.map((line) => [keyOf(line).id, { id: keyOf(line).id, label: keyOf(line).label, style: line.style }]));
    keys.show([...entries.values()], hidden);
    none.hidden = drawn.length > 0;
    chart.element.hidden = drawn.length === 0;
    setText(none, content.empty);
    twin.show(content.table);
    if (drawn.length === 0) return;
    chart.show({
      lines: drawn
        .filter((line) => !hidden.has(keyOf(line).id))
        .map(({ series, style, shared }) => ({ label: series.label, points: series.points, style, quiet: shared !== null })),
      x: content.x,
      y: content.y,
      marks: content.marks ?? [],
      summary: summaryOf(title, drawn, content),
      value: content.value,
      heading: content.x.heading,
    });
  };
  const head = h('div', { class: 'panel-head' }, h('h3', {}, title), ...controls, twin.controls);
  const element = h('div', { class: 'curve-panel' });
  fill(element, head, chart.element, none, keys.element, twin.element);
  return {
    element,
    show(content) {
      shown = content;
      draw(content);
    },
  };
}

/** The axis of phases, each with its number of classes. */
export function phaseAxis(view: RunView): CurvePanelContent['x'] {
  const seen = classesSeen(view);
  return {
    title: 'phase',
    min: 0,
    max: Math.max(1, seen.length - 1),
    whole: true,
    tick: (phase) => (Number.isInteger(phase) ? [String(phase), `${seen[phase] ?? ''} cl.`] : ''),
    heading: (phase) => `Phase ${phase} · ${plural(seen[phase] ?? 0, 'class', 'classes')} seen`,
  };
}

function summaryOf(title: string, lines: readonly StyledSeries[], { x, value, marks = [] }: CurvePanelContent): string {
  const place = (at: number) => (x.title === 'phase' ? `after phase ${at}` : `at ${x.title} ${at}`);
  const parts = lines.slice(0, 4).map(({ series: { label, points } }) => {
    const first = points[0];
    const last = points.at(-1);
    return first && last ? `${label}: ${value(first.y)} ${place(first.x)}, ${value(last.y)} ${place(last.x)}` : label;
  });
  return `${title}. ${parts.join('; ')}.${changesSentence(marks)}`;
}
