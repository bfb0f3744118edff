import type { RunView } from '../../src/protocol/runView';
import type { Segment } from './timeline';

/** Changes of settings at one place of a chart's axis, in words such as `λ: 1 → 0.7`. */
export interface ChangeMark {
  readonly x: number;
  readonly phase: number;
  readonly text: string;
}

/**
 * Changes of settings on an axis of phases, whose points are what was measured at a phase's end: a change in phase p stands between p − 1 and p,
 * as far on as the phase's work was. Those of phase 0 come before its point, so they stand at the axis's beginning.
 */
export function changesOfRun(view: RunView): ChangeMark[] {
  const places = view.marks
    .filter(({ kind }) => kind === 'setting')
    .map(({ phase, stage, step, text }) => {
      const stages = view.phases.find((p) => p.phase === phase)?.stages ?? [];
      const index = stages.findIndex((s) => s.stage === stage);
      const work = (end: number) => stages.slice(0, end).reduce((sum, { images }) => sum + images, 0);
      const own = stages[index];
      const part = own && own.steps > 0 ? own.images * Math.min(1, step / own.steps) : 0;
      const done = own ? work(index) + part : work(stages.length);
      return { x: Math.max(0, phase - 1 + done / Math.max(1, work(stages.length))), phase, text };
    });
  return grouped(places);
}

/** Changes of settings on the axis of a stage's steps. */
export const changesOfStage = ({ phase, marks }: Segment): ChangeMark[] =>
  grouped(marks.filter(({ kind }) => kind === 'setting').map(({ step, text }) => ({ x: step, phase, text })));

/** What a chart's summary says of changes; nothing where there is none. */
export const changesSentence = (changes: readonly ChangeMark[]): string =>
  changes.length === 0 ? '' : ` Settings changed: ${changes.map(({ text }) => text).join('; ')}.`;

function grouped(marks: readonly ChangeMark[]): ChangeMark[] {
  const byPlace = new Map<string, ChangeMark>();
  for (const mark of marks) {
    const key = `${mark.phase} ${mark.x}`;
    const before = byPlace.get(key);
    byPlace.set(key, before ? { ...mark, text: `${before.text}, ${mark.text}` } : mark);
  }
  return [...byPlace.values()];
}
