import { continuedOn } from '../../src/protocol/engineDifferences';
import { exemplarWords } from '../../src/protocol/exemplarWords';
import type { RunState, RunView } from '../../src/protocol/runView';
import { latestMetrics } from '../../src/protocol/latestMetrics';
import { duration, integer, number, percent, points } from '../model/format';
import { CLASSIFIER_WORDS, equationText, RUN_STATE_WORDS, STAGE_WORDS } from '../model/stageWords';
import { fill, h, setAttribute, setText, type Child } from '../ui/h';
import { icon, type IconName } from '../ui/icons';

export type Ownership = 'live' | 'elsewhere' | 'ended';
/** `running` without a living process is a run that was cut off. */
export type ShownState = RunState | 'interrupted';

export const shownState = ({ state }: RunView, ownership: Ownership): ShownState =>
  ownership === 'ended' && (state === 'running' || state === 'paused') ? 'interrupted' : state;

const STATE_ICONS: Readonly<Record<ShownState, IconName>> = {
  running: 'running',
  paused: 'pause',
  completed: 'check',
  stopped: 'stop',
  failed: 'error',
  interrupted: 'bolt',
};

/** What a run is, how far it is and what it has reached, at the top of the page. */
export interface RunHeader {
  readonly element: HTMLElement;
  show(view: RunView, ownership: Ownership): void;
}

export function runHeader(title: string | null, ...actions: readonly Child[]): RunHeader {
  const name = h('h1', {});
  const state = h('span', { class: 'state' });
  const what = h('p', { class: 'quiet run-what' });
  const bar = h('div', {
    class: 'progress',
    role: 'progressbar',
    'aria-label': 'Progress of the run',
    'aria-valuemin': 0,
    'aria-valuemax': 100,
  });
  const barFill = h('div', { class: 'progress-fill' });
  bar.append(barFill);
  const percentText = h('span', { class: 'progress-percent' });
  const now = h('dl', { class: 'stats' });
  const figures = h('dl', { class: 'figures' });
  const element = h(
    'header',
    { class: 'run-header' },
    h('div', { class: 'run-top' }, h('div', { class: 'run-title' }, state, name), h('div', { class: 'run-actions' }, ...actions)),
    what,
    h('div', { class: 'progress-row' }, bar, percentText),
    h('div', { class: 'run-numbers' }, now, figures),
  );
  return {
    element,
    show(view, ownership) {
      const shown = shownState(view, ownership);
      setText(name, title ?? view.config.name);
      if (setState(state, shown)) fill(state, icon(STATE_ICONS[shown]), shown === 'interrupted' ? 'Interrupted' : RUN_STATE_WORDS[shown]);
      setText(what, describe(view));
      const done = Math.floor(view.progress.fractionDone * 1000) / 10;
      setAttribute(bar, 'aria-valuenow', String(Math.floor(done)));
      setAttribute(bar, 'data-state', shown);
      barFill.style.width = `${done}%`;
      setText(percentText, `${done.toFixed(done === 100 ? 0 : 1)} %`);
      showStats(now, stats(view, shown));
      showStats(figures, headlineFigures(view));
    },
  };
}

function setState(element: HTMLElement, state: ShownState): boolean {
  if (element.dataset['state'] === state) return false;
  element.dataset['state'] = state;
  return true;
}

function describe({ config, engine, engineChanges, runId }: RunView): string {
  const device = `${engine.engine} engine on ${engine.device}, ${engine.threads} ${engine.threads === 1 ? 'thread' : 'threads'}`;
  return `${config.host} with ${exemplarWords(config)} exemplars · ${config.network} · ${config.dataSet} · ${[device, ...engineChanges.map(continuedOn)].join(' · ')} · ${runId}`;
}

interface Stat {
  readonly name: string;
  readonly value: string;
  readonly hint?: string;
}

function stats(view: RunView, shown: ShownState): Stat[] {
  const { current, progress, phases, plan } = view;
  const last = plan.phases.length - 1;
  const elapsed = {
    name: 'Elapsed',
    value: duration((view.lastTime - view.startedAt) / 1000),
    hint: 'From the start to the newest event, pauses included',
  };
  if (!current) return [{ name: 'Phases done', value: `${phases.filter((p) => p.state === 'done').length} of ${last + 1}` }, elapsed];
  const stage = phases.find((p) => p.phase === current.phase)?.stages.find((s) => s.stage === current.stage);
  const words = stage && STAGE_WORDS[stage.stage];
  return [
    { name: 'Phase', value: `${current.phase} of ${last}` },
    ...(words ? [{ name: ['Stage', equationText(words)].filter(Boolean).join(', '), value: words.label, hint: words.meaning }] : []),
    ...(stage ? [{ name: 'Step', value: `${integer(stage.step)} of ${integer(stage.steps)}` }] : []),
    { name: 'Loss', value: progress.loss === null ? '–' : number(progress.loss) },
    { name: 'Images/s', value: progress.imagesPerSecond > 0 ? integer(progress.imagesPerSecond) : '–' },
    { name: 'Time left', value: progress.secondsLeft === null || shown === 'interrupted' ? '–' : duration(progress.secondsLeft) },
    elapsed,
  ];
}

function headlineFigures(view: RunView): Stat[] {
  const metrics = latestMetrics(view, view.headline);
  const classifier = CLASSIFIER_WORDS[view.headline];
  return [
    {
      name: `Ā, ${classifier}`,
      value: metrics ? percent(metrics.averageAccuracy) : '–',
      hint: `Mean accuracy over the phases so far, ${classifier} classifier`,
    },
    {
      name: 'F (paper)',
      value: metrics ? `${points(metrics.paperForgetting)} pt` : '–',
      hint: "A₀ᶻ − Aᵢᶻ: what was lost on phase 0's classes, in percentage points",
    },
    {
      name: 'Standard forgetting',
      value: metrics ? `${points(metrics.standardForgetting)} pt` : '–',
      hint: 'Mean over old phases of best so far minus last, in percentage points',
    },
  ];
}

/** Names stay elements while values change, so that nothing flickers under the pointer. */
function showStats(list: HTMLElement, wanted: readonly Stat[]): void {
  const names = JSON.stringify(wanted.map((s) => [s.name, s.hint]));
  if (list.dataset['names'] !== names) {
    list.dataset['names'] = names;
    fill(list, ...wanted.map((s) => h('div', { title: s.hint }, h('dt', {}, s.name), h('dd', {}))));
  }
  list.querySelectorAll('dd').forEach((dd, i) => setText(dd, wanted[i]?.value ?? ''));
}
