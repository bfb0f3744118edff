import type { PhaseView, RunView } from '../../src/protocol/runView';
import type { Stage } from '../../src/protocol/words';
import { clockDuration, duration } from '../model/format';
import { timeTicks } from '../model/ticks';
import type { Segment, Timeline, TimelineRow } from '../model/timeline';
import { fill, h, setAttribute, setText } from '../ui/h';
import { rove } from '../ui/rove';
import type { Tooltip } from '../ui/tooltip';
import { markLane, type MarkLane } from './markLane';
import { segmentTooltip, segmentView, type SegmentView } from './segmentView';

/** A stage of a phase. */
export interface StagePlace {
  readonly phase: number;
  readonly stage: Stage;
}

/** The rows of one run's plan: built once, then changed in place, so that focus and hover stay. */
export interface TimelineRows {
  readonly element: HTMLElement;
  show(timeline: Timeline, chosen: StagePlace | null): void;
}

interface Row {
  readonly element: HTMLElement;
  readonly time: HTMLElement;
  readonly bar: HTMLElement;
  readonly lane: MarkLane;
  readonly segments: ReadonlyMap<Stage, SegmentView>;
}

/** Pixels that a tick's text needs. */
const TICK_WIDTH = 110;

export function timelineRows({ phases }: RunView, tooltip: Tooltip, onChoose: (place: StagePlace) => void): TimelineRows {
  let timeline: Timeline | null = null;
  const axis = h('div', { class: 'timeline-axis', 'aria-hidden': 'true' });
  const build = ({ phase, classes, stages }: PhaseView): Row => {
    const segments = new Map(stages.map(({ stage }) => [stage, segmentView(phase, stage, () => onChoose({ phase, stage }))]));
    for (const [stage, { button }] of segments) {
      tooltip.attach(button, () => {
        const segment = segmentAt(timeline, { phase, stage });
        return segment ? segmentTooltip(segment, classes) : [];
      });
    }
    const time = h('div', { class: 'row-time' });
    const names = classes.map((c) => c.name).join(', ');
    const label = h(
      'div',
      { class: 'row-label', title: `Phase ${phase} brings the classes ${names}` },
      h('span', { class: 'row-phase' }, `Phase ${phase}`),
      h('span', { class: 'row-classes quiet' }, names),
    );
    const lane = markLane();
    const bar = h('div', { class: 'row-bar' }, lane.element, ...[...segments.values()].map((s) => s.button));
    return { element: h('div', { class: 'timeline-row' }, label, bar, time), time, bar, lane, segments };
  };
  const rows = new Map(phases.map((phase) => [phase.phase, build(phase)]));
  const element = h(
    'div',
    { class: 'timeline-rows', role: 'group', 'aria-label': 'Phases; arrow keys move between stages, Enter shows the loss of a stage' },
    axis,
    ...[...rows.values()].map((row) => row.element),
  );
  rove(
    element,
    [...rows.values()].map((row) => [...row.segments.values()].map((s) => s.button)),
  );
  // What is placed in pixels: it changes with the width, too.
  const place = () => {
    showAxis(axis, timeline?.longest ?? null);
    for (const row of timeline?.rows ?? []) placeMarks(rows.get(row.phase), row);
  };
  new ResizeObserver(place).observe(axis);
  return {
    element,
    show(next, chosen) {
      timeline = next;
      for (const row of next.rows) {
        const own = rows.get(row.phase);
        if (!own) continue;
        setText(own.time, row.seconds === null ? '' : `${row.ownScale ? '⫽ ' : ''}${row.estimated ? '≈ ' : ''}${duration(row.seconds)}`);
        own.element.classList.toggle(
          'has-marks',
          row.segments.some((s) => s.marks.length > 0),
        );
        own.element.classList.toggle('own-scale', row.ownScale);
        setAttribute(own.time, 'title', row.ownScale ? 'Longer than the axis: drawn to its own scale' : null);
        for (const segment of row.segments) {
          const view = own.segments.get(segment.stage);
          view?.show(segment);
          view?.button.classList.toggle('chosen', chosen?.phase === row.phase && chosen.stage === segment.stage);
        }
      }
      place();
    },
  };
}

function placeMarks(row: Row | undefined, { segments }: TimelineRow): void {
  if (!row) return;
  // Most rows have no marks, and to ask where a block is makes the page be laid out.
  const marked = segments.filter(({ marks }) => marks.length > 0);
  row.lane.show(
    marked.flatMap(({ stage, steps, marks }) => {
      const { offsetLeft = 0, offsetWidth = 0 } = row.segments.get(stage)?.button ?? {};
      return marks.map(({ kind, step }) => ({ kind, at: offsetLeft + (steps > 0 ? Math.min(1, step / steps) : 0) * offsetWidth }));
    }),
    marked.length > 0 ? row.bar.clientWidth : 0,
  );
}

export const segmentAt = (timeline: Timeline | null, { phase, stage }: StagePlace): Segment | undefined =>
  timeline?.rows.find((r) => r.phase === phase)?.segments.find((s) => s.stage === stage);

function showAxis(axis: HTMLElement, longest: number | null): void {
  const ticks = longest === null ? [] : timeTicks(longest, Math.max(1, axis.clientWidth / TICK_WIDTH));
  const key = JSON.stringify([ticks, longest]);
  if (axis.dataset['ticks'] === key) return;
  // Without times lengths are counts of images, which need no axis.
  axis.classList.toggle('without', longest === null);
  axis.dataset['ticks'] = key;
  fill(
    axis,
    ...ticks.map((tick) => {
      const mark = h('span', { class: 'tick' }, clockDuration(tick));
      mark.style.left = `${longest ? (tick / longest) * 100 : 0}%`;
      return mark;
    }),
  );
}
