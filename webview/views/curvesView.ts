import { seedGroups } from '../../src/protocol/seedGroups';
import type { Classifier } from '../../src/protocol/words';
import {
  ALL_STYLE,
  CROWD_STYLE,
  FIRST_STYLE,
  groupStyle,
  PAPER_STYLE,
  referenceStyle,
  runStyle,
  spreadStyle,
  STANDARD_STYLE,
} from '../charts/lineStyle';
import { accuracyRange, forgettingRange } from '../model/curveRanges';
import { changesOfRun } from '../model/changeMarks';
import { accuracySeries, comparedSeries, forgettingSeries, QUANTITY_WORDS, type OwnQuantity, type Series } from '../model/curves';
import { paperMarks } from '../model/paperMarks';
import { seedCurves, type SeedCurve } from '../model/seedCurves';
import { seriesTable } from '../model/curveTables';
import { h } from '../ui/h';
import { onlyWhenChanged } from '../ui/onlyWhenChanged';
import { section } from '../ui/section';
import { segmented } from '../ui/segmented';
import { curvePanel, phaseAxis, type StyledSeries } from './curvePanel';
import type { RunRef } from './runRef';

type ClassifierChoice = 'headline' | Classifier;
export interface CurvesState {
  classifier: ClassifierChoice;
  accuracyOf: 'all' | 'first';
  forgettingOf: 'paper' | 'standard';
  /** Runs that differ in their seed alone: each for itself, or their mean. */
  seeds: 'each' | 'mean';
  accuracyTable: boolean;
  forgettingTable: boolean;
}

export interface CurvesView {
  readonly element: HTMLElement;
  show(runs: readonly RunRef[]): void;
}

/** Accuracy and forgetting over the phases: all lines of one run, or one quantity of several. */
export function curvesView(kept: Partial<CurvesState>, keep: (change: Partial<CurvesState>) => void, compared: boolean): CurvesView {
  const state: CurvesState = {
    classifier: 'headline',
    accuracyOf: 'all',
    forgettingOf: 'paper',
    seeds: 'mean',
    accuracyTable: false,
    forgettingTable: false,
    ...kept,
  };
  let shown: readonly RunRef[] = [];
  const change = (part: Partial<CurvesState>) => {
    Object.assign(state, part);
    keep(part);
    if (shown.length > 0) draw();
  };
  const headline = compared ? [{ value: 'headline', label: "each host's own" }] : [];
  const classifier = segmented(
    'Classifier',
    [...headline, { value: 'softmax', label: 'softmax' }, { value: 'nearestMean', label: 'nearest mean' }],
    state.classifier,
    (value) => change({ classifier: value as ClassifierChoice }),
  );
  const seeds = segmented('Seeds', SEEDS, state.seeds, (v) => change({ seeds: v as 'each' | 'mean' }));
  const seedsHolder = h('span', { class: 'control-pair' }, h('span', { class: 'quiet' }, 'seeds'), seeds.element);
  const accuracyOf =
    compared && segmented('Accuracy of', ACCURACIES, state.accuracyOf, (v) => change({ accuracyOf: v as 'all' | 'first' }));
  const forgettingOf =
    compared && segmented('Measure', MEASURES, state.forgettingOf, (v) => change({ forgettingOf: v as 'paper' | 'standard' }));
  const accuracy = curvePanel(
    'Accuracy',
    'chart-accuracy',
    state.accuracyTable,
    (accuracyTable) => change({ accuracyTable }),
    accuracyOf && accuracyOf.element,
  );
  const forgetting = curvePanel(
    'Forgetting',
    'chart-forgetting',
    state.forgettingTable,
    (forgettingTable) => change({ forgettingTable }),
    forgettingOf && forgettingOf.element,
  );

  const draw = () => {
    const first = shown[0];
    if (!first) return;
    const { view } = first;
    const chosen = (ref: RunRef): Classifier => (state.classifier === 'headline' ? ref.view.headline : state.classifier);
    if (!compared) classifier.select(chosen(first));
    const longest = shown.reduce((a, b) => (b.view.phases.length > a.view.phases.length ? b : a), first);
    const refs = shown.map((ref) => ({ ...ref, classifier: chosen(ref) }));
    seedsHolder.hidden = !compared || seedGroups(refs).length === 0;
    const comparedLines = (quantity: OwnQuantity): StyledSeries[] => {
      const curves = state.seeds === 'mean' ? seedCurves(refs, quantity) : [];
      const grouped = new Set(curves.flatMap((curve) => curve.runs));
      const single = comparedSeries(refs, quantity).filter(({ run }) => !grouped.has(refs[run] as (typeof refs)[number]));
      return [...single.map(styled(true)), ...curves.flatMap(styledSpread)];
    };
    const references = (kind: 'accuracy' | 'forgetting') =>
      paperMarks(refs, kind).map((series, n) => ({ series, style: referenceStyle(n), shared: null }));
    const accuracyLines = [
      ...(compared ? comparedLines(state.accuracyOf) : accuracySeries(view, chosen(first)).map(styled(false))),
      ...(compared && state.accuracyOf !== 'all' ? [] : references('accuracy')),
    ];
    const forgettingLines = [
      ...(compared ? comparedLines(state.forgettingOf) : forgettingSeries(view, chosen(first)).map(styled(false))),
      ...(compared && state.forgettingOf !== 'paper' ? [] : references('forgetting')),
    ];
    const accuracySeen = accuracyLines.map(({ series }) => series);
    const forgettingSeen = forgettingLines.map(({ series }) => series);
    // Of several runs nobody could tell whose change it was.
    const marks = compared ? [] : changesOfRun(view);
    accuracy.show({
      x: phaseAxis(longest.view),
      marks,
      lines: accuracyLines,
      y: { title: 'accuracy, %', ...accuracyRange(accuracySeen) },
      value: (y) => `${y.toFixed(1)} %`,
      empty: NOT_TESTED,
      table: seriesTable(
        longest.view,
        chosen(first),
        compared ? `Accuracy in %, ${QUANTITY_WORDS[state.accuracyOf]}` : 'Accuracy in %',
        accuracySeen.filter(hasPoints),
        marks,
      ),
    });
    forgetting.show({
      x: phaseAxis(longest.view),
      marks,
      lines: forgettingLines,
      y: { title: 'percentage points', ...forgettingRange(forgettingSeen) },
      value: (y) => `${y.toFixed(1)} points`,
      empty: NOT_TESTED,
      table: seriesTable(
        longest.view,
        chosen(first),
        compared ? `Forgetting in percentage points, ${QUANTITY_WORDS[state.forgettingOf]}` : 'Forgetting in percentage points',
        forgettingSeen.filter(hasPoints),
        marks,
      ),
    });
  };
  const drawFor = onlyWhenChanged(draw);
  return {
    element: section(
      'forgetting',
      'Forgetting curves',
      [seedsHolder, h('span', { class: 'control-pair' }, h('span', { class: 'quiet' }, 'classifier'), classifier.element)],
      h('div', { class: 'curves' }, accuracy.element, forgetting.element),
    ),
    show(runs) {
      shown = runs;
      drawFor(runs.flatMap(({ view }) => [view.runId, view.changes, ...view.phases.map((p) => p.evaluation)]));
    },
  };
}

const NOT_TESTED = 'No phase has been evaluated yet: the curves begin when phase 0 has been tested.';

const ACCURACIES = [
  { value: 'all', label: 'all classes' },
  { value: 'first', label: "phase 0's" },
];
const SEEDS = [
  { value: 'mean', label: 'mean ± std' },
  { value: 'each', label: 'each' },
];
const MEASURES = [
  { value: 'paper', label: 'F, paper' },
  { value: 'standard', label: 'standard' },
];

const hasPoints = (series: StyledSeries['series']): boolean => series.points.length > 0;

/** The mean last, so that the legend shows its style for all three. */
const styledSpread = ({ mean, low, high }: SeedCurve): StyledSeries[] => {
  const style = runStyle(mean.run);
  const shared = { id: mean.id, label: mean.label };
  return [
    ...[low, high].map((series) => ({
      series: { ...series, label: `${mean.label}, ${series === low ? '−' : '+'} std` },
      style: spreadStyle(style),
      shared,
    })),
    { series: mean, style, shared: null },
  ];
};

/** Above this many phase groups their lines are a crowd with one entry in the legend. */
const MANY_GROUPS = 8;

const styled =
  (compared: boolean) =>
  (series: Series, _: number, all: readonly Series[]): StyledSeries => {
    if (compared) return { series, style: runStyle(series.run), shared: null };
    const crowd = series.quantity === 'group' && all.filter((s) => s.quantity === 'group').length > MANY_GROUPS;
    if (crowd) return { series, style: CROWD_STYLE, shared: { id: 'groups', label: "each later phase's classes" } };
    return { series, style: STYLES[series.quantity](series.group ?? 1), shared: null };
  };

const STYLES = {
  all: () => ALL_STYLE,
  first: () => FIRST_STYLE,
  group: groupStyle,
  paper: () => PAPER_STYLE,
  reference: referenceStyle,
  standard: () => STANDARD_STYLE,
};
