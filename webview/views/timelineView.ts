import type { RunView } from '../../src/protocol/runView';
import { STAGES, type Stage } from '../../src/protocol/words';
import { duration } from '../model/format';
import { timeTicks } from '../model/ticks';
import { layoutTimeline, type Segment, type Timeline } from '../model/timeline';
import { timelineTable } from '../model/timelineTable';
import { fill, h, setText } from '../ui/h';
import { section } from '../ui/section';
import { tableTwin } from '../ui/tableTwin';
import type { Tooltip } from '../ui/tooltip';
import { rove } from '../ui/rove';
import { markLegend, segmentTooltip, segmentView, type SegmentView } from './segmentView';
import { stageDetail } from './stageDetail';
import { stageLegend } from './stageSwatch';

export interface TimelineView {
  readonly element: HTMLElement;
  show(view: RunView): void;
}

export interface TimelineOptions {
  readonly id: string;
  readonly title: string;
  readonly tooltip: Tooltip;
  readonly tableOpen: boolean;
  keep(change: { timelineTable: boolean }): void;
}

interface Row {
  readonly time: HTMLElement;
  readonly segments: ReadonlyMap<Stage, SegmentView>;
}

/** A row per phase, its stages as blocks in proportion to time. Built once per run and then changed in place, so that focus stays. */
export function timelineView({ id, title, tooltip, tableOpen, keep }: TimelineOptions): TimelineView {
  const rowsHolder = h('div', {
    class: 'timeline-rows',
    role: 'group',
    'aria-label': 'Phases; arrow keys move between stages, Enter shows a stage',
  });
  const axis = h('div', { class: 'timeline-axis', 'aria-hidden': 'true' });
  const kinds = h('div', { class: 'mark-legend' });
  const legend = h('div', { class: 'legend-holder' });
  const twin = tableTwin(title, tableOpen, (open) => keep({ timelineTable: open }));
  const detail = stageDetail();
  let rows = new Map<number, Row>();
  let builtFor = '';
  let timeline: Timeline | null = null;
  let chosen: { phase: number; stage: Stage } | null = null;

  const segmentAt = (phase: number, stage: Stage): Segment | undefined =>
    timeline?.rows.find((r) => r.phase === phase)?.segments.find((s) => s.stage === stage);

  const build = (view: RunView) => {
    chosen = null;
    rows = new Map();
    const elements = view.phases.map(({ phase, classes, stages }) => {
      const segments = new Map(stages.map(({ stage }) => [stage, segmentView(phase, stage, () => choose(view, phase, stage))]));
      for (const [stage, { button }] of segments) {
        tooltip.attach(button, () => {
          const segment = segmentAt(phase, stage);
          return segment ? segmentTooltip(segment, classes) : [];
        });
      }
      const time = h('div', { class: 'row-time' });
      rows.set(phase, { time, segments });
      const names = classes.map((c) => c.name).join(', ');
      return h(
        'div',
        { class: 'timeline-row' },
        h(
          'div',
          { class: 'row-label' },
          h('span', { class: 'row-phase' }, `Phase ${phase}`),
          h('span', { class: 'row-classes quiet', title: `Classes: ${names}` }, names),
        ),
        h('div', { class: 'row-bar' }, ...[...segments.values()].map((s) => s.button)),
        time,
      );
    });
    fill(rowsHolder, axis, ...elements);
    fill(legend, stageLegend(STAGES.filter((stage) => view.phases.some((p) => p.stages.some((s) => s.stage === stage)))), kinds);
    rove(
      rowsHolder,
      elements.map((row) => [...row.querySelectorAll<HTMLElement>('.segment')]),
    );
  };

  const choose = (view: RunView, phase: number, stage: Stage) => {
    chosen = chosen?.phase === phase && chosen.stage === stage ? null : { phase, stage };
    showDetail(view);
  };

  const showDetail = (view: RunView) => {
    const place = chosen ?? lastWorked(view);
    const segment = place && segmentAt(place.phase, place.stage);
    detail.show(segment ?? null, chosen !== null);
    for (const [phase, row] of rows)
      for (const [stage, s] of row.segments)
        s.button.classList.toggle('chosen', chosen !== null && chosen.phase === phase && chosen.stage === stage);
  };

  return {
    element: section(id, title, [twin.controls], rowsHolder, detail.element, legend, twin.element),
    show(view) {
      const key = JSON.stringify([view.runId, view.startedAt]);
      if (key !== builtFor) {
        builtFor = key;
        build(view);
      }
      timeline = layoutTimeline(view);
      for (const row of timeline.rows) {
        const own = rows.get(row.phase);
        if (!own) continue;
        setText(own.time, row.seconds === null ? '' : `${row.estimated ? '≈ ' : ''}${duration(row.seconds)}`);
        for (const segment of row.segments) own.segments.get(segment.stage)?.show(segment);
      }
      showAxis(axis, timeline.longest);
      markLegend(kinds, new Set(timeline.rows.flatMap((r) => r.segments.flatMap((s) => s.marks.map((g) => g.kind)))));
      showDetail(view);
      twin.show(timelineTable(timeline));
    },
  };
}

/** The stage at work, or, in an ended run, the last one that has losses. */
function lastWorked({ current, phases }: RunView): { phase: number; stage: Stage } | null {
  if (current?.stage) return { phase: current.phase, stage: current.stage };
  const all = phases.flatMap((p) => p.stages.map((s) => ({ phase: p.phase, stage: s.stage, losses: s.losses.length })));
  return all.findLast((s) => s.losses > 0) ?? null;
}

function showAxis(axis: HTMLElement, longest: number | null): void {
  const ticks = longest === null ? [] : timeTicks(longest, 6);
  fill(
    axis,
    ...ticks.map((tick) => {
      const mark = h('span', { class: 'tick' }, duration(tick));
      mark.style.left = `${longest ? (tick / longest) * 100 : 0}%`;
      return mark;
    }),
  );
}
