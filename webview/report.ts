// First, because schemas look at it when they are made.
import '../src/protocol/withoutEval';
import './report.css';
import { REPORT_DATA_ELEMENT_ID, reportDataSchema, type ReportData } from '../src/protocol/reportData';
import { foldEvents } from '../src/protocol/foldEvents';
import { plural } from './model/format';
import { layoutTimeline } from './model/timeline';
import { decodePixels } from './model/reportPixels';
import { seedTable } from './model/seedCurves';
import { settingsTable, summaryTable } from './model/runSummary';
import { banner } from './ui/banner';
import { h } from './ui/h';
import { icon } from './ui/icons';
import { followSystemTheme } from './ui/reportTheme';
import { section } from './ui/section';
import { sectionNav } from './ui/sectionNav';
import { tableElement, tableTwin } from './ui/tableTwin';
import { tooltip } from './ui/tooltip';
import { classesView } from './views/classesView';
import { curvesView } from './views/curvesView';
import { exemplarChoices } from './views/exemplarFiles';
import { exemplarsView } from './views/exemplarsView';
import { learningView } from './views/learningView';
import { runHeader } from './views/runHeader';
import type { RunRef } from './views/runRef';
import { timeTables } from './views/timeTable';
import { stagesOf, timelineView } from './views/timelineView';

/** A report keeps nothing: every opening shows the same page. */
const keepNothing = () => undefined;

followSystemTheme();
const app = document.getElementById('app');
const data = readData();
if (typeof data === 'string') {
  const notice = banner();
  notice.show('error', data);
  app?.replaceChildren(notice.element);
} else show(data);

function readData(): ReportData | string {
  try {
    const parsed = reportDataSchema.safeParse(JSON.parse(document.getElementById(REPORT_DATA_ELEMENT_ID)?.textContent ?? ''));
    return parsed.success ? parsed.data : 'This report was written by another version of Mnemonics Lab: save it again with this one.';
  } catch {
    return 'This report is damaged, its data cannot be read: save it again from the run.';
  }
}

function show({ runs: stored }: ReportData): void {
  const runs = stored.flatMap(({ title, events, confusions, exemplars }) => {
    const view = foldEvents(events);
    return view ? [{ title, view, confusions, exemplars }] : [];
  });
  const [first] = runs;
  if (!first) return app?.replaceChildren(h('p', { class: 'empty' }, 'The runs of this report had not begun.'));
  const compared = runs.length > 1;
  const hint = tooltip();
  const lengths = runs.map(({ view }) => layoutTimeline(view).longest ?? 0);
  const scale = compared ? Math.max(...lengths) : null;
  const timelines = runs.map((run, i) => {
    const timeline = timelineView({
      id: compared ? `timeline-${i}` : 'timeline',
      title: compared ? `Phase timeline · ${run.title}` : 'Phase timeline',
      tooltip: hint,
      tableOpen: false,
      legend: i === 0 ? stagesOf(runs.map((r) => r.view)) : null,
      followLoss: !compared,
      scale,
      keep: keepNothing,
    });
    timeline.show(run.view);
    return timeline.element;
  });
  const curves = curvesView({}, keepNothing, compared);
  curves.show(runs);
  const learning = learningView(hint, {}, keepNothing);
  learning.show(runs);
  const exemplars = exemplarSection(runs, hint);
  const classes = classesView({
    tooltip: hint,
    kept: {},
    keep: keepNothing,
    request: (run, phase) => {
      const found = runs[run]?.confusions.find((c) => c.phase === phase) ?? null;
      queueMicrotask(() => classes.setMatrices(run, phase, found, 'This report does not hold the confusion matrix of this phase.'));
    },
  });
  classes.show(runs);
  const times = timeTables();
  times.show(runs);
  const summary = summarySection(runs);
  const settings = section(
    'settings',
    'Settings',
    [],
    h(
      'details',
      { class: 'settings' },
      h('summary', {}, icon('chevron'), 'All settings'),
      h('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': 'Settings' }, tableElement(settingsTable(runs))),
    ),
  );
  const header = compared
    ? h(
        'header',
        { class: 'file-header' },
        h('h1', {}, `${plural(runs.length, 'run')} compared`),
        h('p', { class: 'quiet' }, runs.map((r) => r.title).join(' · ')),
      )
    : singleHeader(first);
  const nav = sectionNav([
    { element: summary, title: 'Summary' },
    { element: timelines[0] ?? summary, title: compared ? 'Timelines' : 'Timeline' },
    { element: curves.element, title: 'Forgetting' },
    { element: learning.element, title: 'Learning' },
    { element: exemplars, title: 'Exemplars' },
    { element: classes.element, title: 'Classes' },
    { element: times.element, title: 'Times' },
    { element: settings, title: 'Settings' },
  ]);
  document.title = `${compared ? `${runs.length} runs` : first.title} · Mnemonics Lab report`;
  app?.replaceChildren(
    h(
      'main',
      { class: 'report' },
      header,
      nav,
      summary,
      ...timelines,
      curves.element,
      learning.element,
      exemplars,
      classes.element,
      times.element,
      settings,
    ),
    hint.element,
  );
}

function singleHeader({ title, view }: RunRef): HTMLElement {
  const header = runHeader(title);
  header.show(view, 'live');
  return header.element;
}

function summarySection(runs: readonly RunRef[]): HTMLElement {
  const table = summaryTable(runs);
  const twin = tableTwin('Summary', true, keepNothing);
  twin.show(table);
  const overSeeds = seedTable(runs);
  if (overSeeds.rows.length === 0) return section('summary', 'Summary', [twin.controls], twin.element);
  const seeds = tableTwin('Mean over seeds', true, keepNothing);
  seeds.show(overSeeds);
  const seedsHead = h('div', { class: 'panel-head' }, h('h3', {}, 'Mean over seeds'), seeds.controls);
  return section('summary', 'Summary', [twin.controls], twin.element, seedsHead, seeds.element);
}

function exemplarSection(
  runs: readonly (RunRef & { exemplars: ReportData['runs'][number]['exemplars'] })[],
  hint: ReturnType<typeof tooltip>,
): HTMLElement {
  const choices = runs.flatMap(({ title, view: run, exemplars }, i) =>
    exemplarChoices(run)
      .filter((c) => exemplars.some((e) => String(e.phase) === c.value))
      .map((c) => ({ ...c, value: `${i}:${c.value}`, label: runs.length > 1 ? `${title}, ${c.label}` : c.label })),
  );
  // The last phase of the first run that learned its exemplars, since there is something to see; else of the first.
  const learned = runs.findIndex(({ view: run }) => run.config.exemplarMethod === 'mnemonics');
  const view = exemplarsView({
    tooltip: hint,
    kept: { exemplarFile: choices.findLast((c) => c.value.startsWith(`${Math.max(0, learned)}:`))?.value ?? '' },
    keep: keepNothing,
    request: (file) => {
      const [run, phase] = file.split(':').map(Number);
      const encoded = runs[run ?? 0]?.exemplars.find((e) => e.phase === phase);
      view.setPixels(file, encoded ? decodePixels(encoded) : null, null);
    },
  });
  view.show({ choices, follow: false, empty: 'This report holds no exemplars.' });
  return view.element;
}
