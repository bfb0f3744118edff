import type { LearningEffect } from '../../src/protocol/learningEffect';
import { NOTHING_MOVED } from '../../src/protocol/metrics';
import type { RunView } from '../../src/protocol/runView';
import type { Point } from './curves';
import { number, inPercent, percent, points } from './format';
import type { Table } from './table';

/** The versions of an exemplar that are compared, and what they are called everywhere. */
export const VERSION_WORDS = { chosen: 'as chosen', stored: 'as stored before', now: 'as learned' } as const;
export type Version = keyof typeof VERSION_WORDS;

export interface LearnedPhase {
  readonly phase: number;
  readonly effect: LearningEffect;
}

/** Phases in which exemplars were learned and what came of it was measured. */
export const learnedPhases = (view: RunView): LearnedPhase[] =>
  view.phases.flatMap(({ phase, learning }) => (learning ? [{ phase, effect: learning }] : []));

/** Why there is nothing to see; null where there is something. */
export function whyNothingLearned(view: RunView): string | null {
  if (learnedPhases(view).length > 0) return null;
  const { exemplarMethod } = view.config;
  if (exemplarMethod !== 'mnemonics')
    return `Nothing is learned here: this run chooses its exemplars ${exemplarMethod === 'herding' ? 'by herding' : 'at random'} and keeps them as they are.`;
  return view.phases.some((p) => p.evaluation !== null)
    ? 'This run comes from a version that did not measure what learning does.'
    : 'Nothing has been measured yet: it appears when phase 0 has been tested.';
}

/** The objectives of (9) and (10) on test images, phase by phase: the table twin of the dumbbells. */
export function lossTable(view: RunView): Table {
  return {
    caption: 'Test loss of a model trained on the exemplars (eq. 8, then L_c on test images of their classes).',
    columns: [
      { title: 'Phase' },
      ...['New, as chosen', 'New, as learned', 'Old, as chosen', 'Old, as stored before', 'Old, as learned'].map((title) => ({
        title,
        format: number,
      })),
    ],
    rows: learnedPhases(view).map(({ phase, effect: { losses } }) => [
      phase,
      losses.new?.chosen ?? null,
      losses.new?.now ?? null,
      losses.old?.chosen ?? null,
      losses.old?.stored ?? null,
      losses.old?.now ?? null,
    ]),
  };
}

/** Nearest-mean accuracy by class age after every phase, youngest first: the table twin of the age curve. */
export function ageTable(view: RunView): Table {
  return {
    caption: 'Nearest-mean accuracy in % on test data by the age of the classes, with three versions of the exemplars.',
    columns: [
      { title: 'After phase' },
      { title: 'Classes of phase' },
      { title: 'Age' },
      ...Object.values(VERSION_WORDS).map((title) => ({ title, format: inPercent })),
    ],
    rows: learnedPhases(view).flatMap(({ phase, effect }) =>
      effect.nearestMean.map(({ age, chosen, stored, now }) => [phase, phase - age, age, chosen, stored, now]),
    ),
  };
}

/** Nearest-mean accuracy by age against that with the exemplars as chosen, in percentage points, one line a version: what learning changed is small beside accuracy itself. */
export function ageLines({ nearestMean }: LearningEffect): Record<Version, Point[]> {
  const line = (version: Version) => nearestMean.map((group) => ({ x: group.age, y: (group[version] - group.chosen) * 100 }));
  return { chosen: line('chosen'), stored: line('stored'), now: line('now') };
}

/** How far exemplars moved in each phase. */
export function movedTable(view: RunView): Table {
  return {
    caption: 'Mean |change| of a pixel in the phase, in normalised pixels.',
    columns: [{ title: 'Phase' }, { title: 'New exemplars', format: number }, { title: 'Old exemplars', format: number }],
    rows: learnedPhases(view).map(({ phase, effect: { moved } }) => [phase, moved.new, moved.old]),
  };
}

/** What the numbers say, in sentences: was learning new exemplars worth anything, and did adapting old ones cost their classes? */
export function learningVerdict(view: RunView): string[] {
  const phases = learnedPhases(view);
  const lowered = mean(phases.flatMap(({ effect: { losses } }) => difference(losses.new?.chosen, losses.new?.now)));
  const adapted = mean(phases.flatMap(({ effect: { losses } }) => difference(losses.old?.stored, losses.old?.now)));
  const last = phases.at(-1);
  const old = last?.effect.nearestMean.filter(({ age }) => age > 0) ?? [];
  const gained = mean(old.map(({ stored, now }) => now - stored));
  const drifted = mean(old.map(({ chosen, now }) => now - chosen));
  return [
    lowered === null
      ? null
      : `Learning new exemplars (eq. 9) ${changed('the test loss of a model trained on them', lowered)}, ${phases.length === 1 ? 'in the one phase so far' : `on average over ${phases.length} phases`}.`,
    adapted === null ? null : `Adapting old ones (eq. 10a, 10b) ${changed('theirs', adapted)}.`,
    gained === null || last === undefined
      ? null
      : `After phase ${last.phase}, adapting changed the nearest-mean accuracy of old classes by ${signed(gained)} points; against the images as chosen they stand at ${signed(drifted ?? 0)}.`,
    ...stillSentences(phases),
  ].filter((sentence) => sentence !== null);
}

function stillSentences(phases: readonly LearnedPhase[]): string[] {
  const still = (kind: 'new' | 'old') =>
    phases.filter(({ effect: { moved } }) => (moved[kind] ?? Infinity) < NOTHING_MOVED).map(({ phase }) => phase);
  return (['new', 'old'] as const).flatMap((kind) => {
    const where = still(kind);
    return where.length === 0
      ? []
      : [`Nothing moved: the ${kind} exemplars of phase ${where.join(', ')} changed by less than ${NOTHING_MOVED} a pixel.`];
  });
}

const difference = (before: number | null | undefined, after: number | null | undefined): number[] =>
  before === null || before === undefined || after === null || after === undefined || before === 0 ? [] : [(after - before) / before];

const mean = (values: readonly number[]): number | null => (values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length);

const changed = (what: string, relative: number): string =>
  Math.abs(relative) < 0.0005
    ? `left ${what} as it was`
    : `${relative < 0 ? 'lowered' : 'raised'} ${what} by ${percent(Math.abs(relative))}`;
const signed = (fraction: number): string => (fraction > 0 ? `+${points(fraction)}` : points(fraction));
