import type { ClassInfo } from '../../src/protocol/events';
import type { MarkView, PhaseView, RunView, StageView, WorkState } from '../../src/protocol/runView';
import type { Stage } from '../../src/protocol/words';
import { stageTimes } from './stageTime';

export interface Segment {
  readonly phase: number;
  readonly stage: Stage;
  readonly state: WorkState;
  /** Share of the axis's length, or of the row's own where that is longer, 0 … 1. */
  readonly share: number;
  /** Measured, or estimated where `estimated`; null while nothing was measured. */
  readonly seconds: number | null;
  readonly secondsLeft: number | null;
  readonly estimated: boolean;
  /** Part of the stage that is done, 0 … 1. */
  readonly fraction: number;
  readonly step: number;
  readonly steps: number;
  readonly losses: StageView['losses'];
  readonly marks: readonly MarkView[];
}

export interface TimelineRow {
  readonly phase: number;
  readonly classes: readonly ClassInfo[];
  readonly state: WorkState;
  readonly seconds: number | null;
  readonly estimated: boolean;
  /** Longer than the axis: its blocks fill the width and are in proportion to each other only. */
  readonly ownScale: boolean;
  readonly segments: readonly Segment[];
}

/** A row per phase; rows share one scale, so that lengths can be compared between phases. */
export interface Timeline {
  readonly rows: readonly TimelineRow[];
  /** Seconds at the end of the axis. Null while lengths are counts of images. */
  readonly longest: number | null;
}

/** @param scale seconds that the whole width stands for, where the timeline shares it with others and has times of its own. */
export function layoutTimeline(view: RunView, scale: number | null = null): Timeline {
  const timeOf = stageTimes(view);
  const known = view.phases.every((p) => p.stages.every((s) => timeOf(p.phase, s).total !== null));
  const length = (p: PhaseView, s: StageView) => (known ? (timeOf(p.phase, s).total ?? 0) : s.images);
  const lengths = view.phases.map((p) => p.stages.reduce((sum, s) => sum + length(p, s), 0));
  const longest = (known ? scale : null) ?? axisLength(lengths);
  const rows = view.phases.map((p, i): TimelineRow => {
    const own = lengths[i] ?? 0;
    const whole = Math.max(own, longest);
    const segments = p.stages.map((s): Segment => {
      const { total, estimated, left } = timeOf(p.phase, s);
      return {
        phase: p.phase,
        stage: s.stage,
        state: s.state,
        share: whole > 0 ? length(p, s) / whole : 0,
        seconds: total,
        secondsLeft: left,
        estimated,
        fraction: s.state === 'done' ? 1 : s.steps > 0 ? s.step / s.steps : 0,
        step: s.step,
        steps: s.steps,
        losses: s.losses,
        marks: view.marks.filter((m) => m.phase === p.phase && m.stage === s.stage),
      };
    });
    return {
      phase: p.phase,
      classes: p.classes,
      state: p.state,
      seconds: p.seconds ?? (known ? own : null),
      estimated: p.seconds === null,
      ownScale: own > longest * (1 + 1e-9),
      segments,
    };
  });
  return { rows, longest: known ? longest : null };
}

/** A row so much longer than all others leaves the axis to them: with 25 phases, phase 0 would make the others slivers. */
const MUCH_LONGER = 4;

function axisLength(lengths: readonly number[]): number {
  const [first = 0, second = 0] = lengths.toSorted((a, b) => b - a);
  return lengths.length > 2 && second > 0 && first > MUCH_LONGER * second ? second * 1.25 : first;
}
