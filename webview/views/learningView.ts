import { dumbbells, type Dumbbell, type Mark } from '../charts/dumbbells';
import { ALL_STYLE, FIRST_STYLE, type LineStyle } from '../charts/lineStyle';
import {
  ageLines,
  ageTable,
  learnedPhases,
  learningVerdict,
  lossTable,
  movedTable,
  VERSION_WORDS,
  whyNothingLearned,
  type LearnedPhase,
  type Version,
} from '../model/learning';
import { number, points } from '../model/format';
import { fill, h, setText } from '../ui/h';
import { onlyWhenChanged } from '../ui/onlyWhenChanged';
import { section } from '../ui/section';
import { tableTwin } from '../ui/tableTwin';
import type { Tooltip } from '../ui/tooltip';
import { curvePanel, phaseAxis } from './curvePanel';
import { runPicker } from './runPicker';
import type { RunRef } from './runRef';

export interface LearningState {
  lossTable: boolean;
  ageTable: boolean;
  movedTable: boolean;
}

export interface LearningView {
  readonly element: HTMLElement;
  show(runs: readonly RunRef[]): void;
}

const VERSION_STYLES: Readonly<Record<Version, LineStyle>> = {
  chosen: { colour: '--vscode-charts-orange', dash: [2, 3], marker: 'rect', width: 2 },
  stored: { colour: '--vscode-charts-green', dash: [7, 3], marker: 'rectRot', width: 2 },
  now: { colour: '--vscode-charts-blue', dash: [], marker: 'circle', width: 2.5 },
};

/** What learning the exemplars was worth: the loss it is to lower, old classes' accuracy with what became of them, and how far they moved. */
export function learningView(tooltip: Tooltip, kept: Partial<LearningState>, keep: (change: Partial<LearningState>) => void): LearningView {
  let shown: readonly RunRef[] = [];
  const picker = runPicker(
    'Learning',
    () => draw(),
    (refs) => refs.findIndex(({ view }) => whyNothingLearned(view) === null),
  );
  const verdict = h('ul', { class: 'verdict' });
  const empty = h('p', { class: 'empty' });
  const losses = dumbbells(tooltip);
  const lossTwin = tableTwin('Test loss', kept.lossTable ?? false, (open) => keep({ lossTable: open }));
  const age = curvePanel('Nearest mean by class age', 'chart-age', kept.ageTable ?? false, (open) => keep({ ageTable: open }));
  const moved = curvePanel('Pixel change in each phase', 'chart-moved', kept.movedTable ?? false, (open) => keep({ movedTable: open }));
  const lossPanel = h(
    'div',
    { class: 'curve-panel loss-panel' },
    h('div', { class: 'panel-head' }, h('h3', {}, 'Test loss of a model trained on the exemplars, as chosen = 100 %'), lossTwin.controls),
    losses.element,
    lossTwin.element,
  );
  const body = h('div', { class: 'learning-body' }, lossPanel, age.element, moved.element);

  const draw = () => {
    const picked = picker.pick(shown, (view) => learnedPhases(view).map(({ phase }) => phase));
    if (!picked) return;
    const { view } = picked.ref;
    const why = whyNothingLearned(view);
    body.hidden = verdict.hidden = why !== null;
    empty.hidden = why === null;
    setText(empty, why ?? '');
    const phases = learnedPhases(view);
    const chosen = phases.find(({ phase }) => phase === picked.phase);
    if (!chosen) return;
    fill(verdict, ...learningVerdict(view).map((sentence) => h('li', {}, sentence)));
    losses.show(lossContent(phases));
    lossTwin.show(lossTable(view));
    const lines = ageLines(chosen.effect);
    const ageSeries = (Object.keys(VERSION_WORDS) as Version[]).map((version) => ({
      series: { id: version, label: VERSION_WORDS[version], points: lines[version] },
      style: VERSION_STYLES[version],
      shared: null,
    }));
    age.show({
      lines: ageSeries,
      x: {
        title: 'age: phases since the classes came',
        min: 0,
        max: Math.max(1, chosen.phase),
        whole: true,
        tick: (value) => (Number.isInteger(value) ? String(value) : ''),
        heading: (value) => `After phase ${chosen.phase} · classes of phase ${chosen.phase - value}, age ${value}`,
      },
      y: { title: 'points against images as chosen' },
      value: (y) => `${points(y / 100)} points`,
      empty: '',
      table: ageTable(view),
    });
    const movedLine = (kind: 'new' | 'old') =>
      phases.flatMap(({ phase, effect }) => (effect.moved[kind] === null ? [] : [{ x: phase, y: effect.moved[kind] ?? 0 }]));
    moved.show({
      lines: [
        { series: { id: 'new', label: 'new exemplars', points: movedLine('new') }, style: ALL_STYLE, shared: null },
        { series: { id: 'old', label: 'old exemplars', points: movedLine('old') }, style: FIRST_STYLE, shared: null },
      ],
      x: phaseAxis(view),
      y: { title: 'mean |change|', min: 0, tick: number },
      value: number,
      empty: '',
      table: movedTable(view),
    });
  };
  const drawFor = onlyWhenChanged(draw);
  return {
    element: section('learning', 'Learning', [picker.element], verdict, empty, body),
    show(runs) {
      shown = runs;
      drawFor(runs.flatMap(({ view }) => [view.runId, view.config, ...view.phases.flatMap((p) => [p.learning, p.evaluation])]));
    },
  };
}

function lossContent(phases: readonly LearnedPhase[]) {
  const bell = (kind: Dumbbell['kind'], values: Partial<Record<Mark, number | null>> | null): Dumbbell[] => {
    // Losses of new and old exemplars, and of phases, are of different sizes: what learning does to them is a share.
    const whole = values?.chosen ?? 0;
    const marks = (['chosen', 'stored', 'now'] as const).flatMap((mark) => {
      const value = values?.[mark] ?? null;
      if (value === null || whole === 0) return [];
      const share = (100 * value) / whole;
      return [{ mark, value: share, text: `${number(value)}, ${share.toFixed(1)} %` }];
    });
    return marks.length === 0 ? [] : [{ kind, marks }];
  };
  const groups = phases.map(({ phase, effect: { losses } }) => ({
    label: String(phase),
    heading: `Phase ${phase}`,
    bells: [...bell('new', losses.new), ...bell('old', losses.old)],
  }));
  const last = phases.at(-1);
  return {
    groups,
    axis: 'phase',
    value: (share: number) => `${number(share)} %`,
    words: VERSION_WORDS,
    summary: `Test loss of a model trained on the exemplars, phase by phase. In phase ${last?.phase ?? 0}, new exemplars: ${number(last?.effect.losses.new?.chosen ?? 0)} as chosen, ${number(last?.effect.losses.new?.now ?? 0)} as learned. The table has the numbers.`,
  };
}
