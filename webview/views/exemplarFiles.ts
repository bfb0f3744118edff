import type { RunView } from '../../src/protocol/runView';
import { plural } from '../model/format';
import type { ExemplarChoice } from './exemplarTypes';

/** The files of exemplars that a run has stored, oldest first. */
export function exemplarChoices(view: RunView): ExemplarChoice[] {
  const names = new Map(view.plan.phases.flatMap((p) => p.classes.map((c) => [Number(c.index), c.name] as const)));
  return view.phases
    .filter((p) => p.exemplars !== null)
    .map((p) => ({
      value: String(p.phase),
      label: `phase ${p.phase}, ${plural(p.exemplars?.changes.length ?? 0, 'class', 'classes')}`,
      nameOf: (classIndex) => names.get(classIndex) ?? String(classIndex),
      note: noteOf(view, p.phase),
    }));
}

function noteOf({ config: { exemplarMethod } }: RunView, phase: number): string {
  if (exemplarMethod !== 'mnemonics') {
    return `These exemplars were chosen ${exemplarMethod === 'herding' ? 'by herding' : 'at random'}, not learned: before and after are the same.`;
  }
  return phase === 0
    ? 'Before: the initial images. After: as phase 0 learned them (eq. 9).'
    : `Before: the initial images of each class. After: as they are after phase ${phase}, which learned those of its own classes (eq. 9) and adapted the earlier ones (eq. 10a, 10b).`;
}

export const NO_EXEMPLARS_YET = 'No exemplars are stored yet: they appear here when phase 0 has stored its own.';

/** Tells one stored file from the one that takes its place after an interruption. */
export const exemplarVersion = (view: RunView, phase: number): string => {
  const stored = view.phases.find((p) => p.phase === phase)?.exemplars;
  return stored ? JSON.stringify([stored.file, stored.meanChange]) : '';
};
