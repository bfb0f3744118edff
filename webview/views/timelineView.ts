import type { RunView } from '../../src/protocol/runView';
import { STAGES, type Stage } from '../../src/protocol/words';
import { shownKinds } from '../model/clusterMarks';
import { layoutTimeline } from '../model/timeline';
import { timelineTable } from '../model/timelineTable';
import { fill, h } from '../ui/h';
import { section } from '../ui/section';
import { tableTwin } from '../ui/tableTwin';
import type { Tooltip } from '../ui/tooltip';
import { markLegend } from './markLane';
import { stageDetail } from './stageDetail';
import { stageLegend } from './stageSwatch';
import { segmentAt, timelineRows, type StagePlace, type TimelineRows } from './timelineRows';

export interface TimelineView {
  readonly element: HTMLElement;
  show(view: RunView): void;
}

export interface TimelineOptions {
  readonly id: string;
  readonly title: string;
  readonly tooltip: Tooltip;
  readonly tableOpen: boolean;
  /** Stages that the legend explains, empty for this run's own; null where the legend of another timeline on the page speaks for this one. */
  readonly legend: readonly Stage[] | null;
  /** Shows the loss of the stage at work without being asked. */
  readonly followLoss: boolean;
  /** Seconds of the longest phase among the runs compared, so that their timelines have one scale. */
  readonly scale?: number | null;
  keep(change: { timelineTable: boolean }): void;
}

/** A row per phase, its stages as blocks in proportion to time; under them the loss of one stage. */
export function timelineView({ id, title, tooltip, tableOpen, legend, followLoss, scale, keep }: TimelineOptions): TimelineView {
  const holder = h('div');
  const kinds = h('div', { class: 'mark-legend' });
  const meanings = h('div');
  const broken = h('p', { class: 'mark-legend' }, '⫽ longer than the axis: drawn to its own scale');
  const twin = tableTwin(title, tableOpen, (open) => keep({ timelineTable: open }));
  const detail = stageDetail();
  let rows: TimelineRows | null = null;
  let builtFor = '';
  let shown: RunView | null = null;
  let chosen: StagePlace | null = null;

  const choose = (place: StagePlace) => {
    chosen = chosen?.phase === place.phase && chosen.stage === place.stage ? null : place;
    if (shown) draw(shown);
  };
  const build = (view: RunView) => {
    chosen = null;
    rows = timelineRows(view, tooltip, choose);
    fill(holder, rows.element);
    if (legend) fill(meanings, stageLegend(legend.length > 0 ? legend : stagesOf([view])));
  };
  const draw = (view: RunView) => {
    const key = JSON.stringify([view.runId, view.startedAt]);
    if (key !== builtFor) build(view);
    builtFor = key;
    const timeline = layoutTimeline(view, scale ?? null);
    rows?.show(timeline, chosen);
    broken.hidden = !timeline.rows.some((row) => row.ownScale);
    markLegend(kinds, shownKinds(timeline.rows.flatMap((r) => r.segments.flatMap((s) => s.marks.map((m) => m.kind)))));
    const place = chosen ?? (followLoss ? lastWorked(view) : null);
    detail.show((place && segmentAt(timeline, place)) ?? null, chosen !== null);
    twin.show(timelineTable(timeline));
  };
  return {
    element: section(
      id,
      title,
      [twin.controls],
      holder,
      detail.element,
      h('div', { class: 'legend-holder' }, meanings, broken, kinds),
      twin.element,
    ),
    show(view) {
      shown = view;
      draw(view);
    },
  };
}

/** The stages that runs have, in their order. */
export const stagesOf = (views: readonly RunView[]): Stage[] =>
  STAGES.filter((stage) => views.some((v) => v.phases.some((p) => p.stages.some((s) => s.stage === stage))));

/** The stage at work, or, in an ended run, the last one that has losses. */
function lastWorked({ current, phases }: RunView): StagePlace | null {
  if (current?.stage) return { phase: current.phase, stage: current.stage };
  const all = phases.flatMap((p) => p.stages.map((s) => ({ phase: p.phase, stage: s.stage, losses: s.losses.length })));
  return all.findLast((s) => s.losses > 0) ?? null;
}
