import type { LearningEffect } from '../../protocol/learningEffect';
import { NOTHING_MOVED } from '../../protocol/metrics';
import type { PhaseView, RunView } from '../../protocol/runView';
import { percent, significant } from './numbers';
import { alignColumns } from './table';

interface Column {
  readonly head: readonly [string, string];
  cell(effect: LearningEffect): string;
}

const loss = (value: number | null | undefined): string =>
  value === undefined ? '–' : value === null ? 'diverged' : significant(Number(value.toFixed(4)));
const moved = (value: number | null): string => (value === null ? '–' : value < NOTHING_MOVED ? 'nothing' : significant(value));

const LOSSES: readonly Column[] = [
  { head: ['new', 'chosen'], cell: ({ losses }) => loss(losses.new?.chosen) },
  { head: ['new', 'learned'], cell: ({ losses }) => loss(losses.new?.now) },
  { head: ['old', 'chosen'], cell: ({ losses }) => loss(losses.old?.chosen) },
  { head: ['old', 'stored'], cell: ({ losses }) => loss(losses.old?.stored) },
  { head: ['old', 'adapted'], cell: ({ losses }) => loss(losses.old?.now) },
];
const NEAREST_MEAN: readonly Column[] = (
  [
    ['chosen', 'chosen'],
    ['stored', 'stored'],
    ['now', 'adapted'],
  ] as const
).map(([version, name]) => ({
  head: ['NME old', name],
  cell: ({ nearestMean }) => {
    const old = nearestMean.filter(({ age }) => age > 0);
    return old.length === 0 ? '–' : percent(old.reduce((sum, group) => sum + group[version], 0) / old.length);
  },
}));
const MOVED: readonly Column[] = [
  { head: ['moved', 'new'], cell: (effect) => moved(effect.moved.new) },
  { head: ['moved', 'old'], cell: (effect) => moved(effect.moved.old) },
];

/**
 * What learning was worth, phase by phase: test loss of a model trained on the exemplars, nearest-mean accuracy of old classes
 * in per cent (mean over their phases), and mean |change| of a pixel in the phase. Empty where nothing was learned.
 */
export function learningTable(view: RunView, width: number): string[] {
  const phases = view.phases.filter(({ learning }) => learning !== null);
  if (phases.length === 0) return [];
  const wide = tableOf(phases, [...LOSSES, ...NEAREST_MEAN, ...MOVED]);
  const table = wide.every((line) => [...line].length <= width) ? wide : tableOf(phases, [...LOSSES, ...MOVED]);
  return ['Learned exemplars: test loss of a model trained on them', ...table, ''];
}

function tableOf(phases: readonly PhaseView[], columns: readonly Column[]): string[] {
  const body = phases.map(({ phase, learning }) => [String(phase), ...columns.map(({ cell }) => (learning ? cell(learning) : ''))]);
  const heads = [0, 1].map((line) => [line === 0 ? '' : 'phase', ...columns.map(({ head }) => head[line] ?? '')]);
  return alignColumns([...heads, ...body], 'r'.repeat(columns.length + 1));
}
