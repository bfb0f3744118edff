// First, because schemas look at it when they are made.
import '../src/protocol/withoutEval';
import './dashboard.css';
import { foldEvent } from '../src/protocol/foldEvent';
import { foldEvents } from '../src/protocol/foldEvents';
import type { PhaseView, RunView } from '../src/protocol/runView';
import { toDashboardSchema, type FromDashboard, type ToDashboard } from '../src/protocol/webviewMessages';
import { duration, percent } from './model/format';
import { STAGE_WORDS } from './model/stageWords';
import { banner } from './ui/banner';
import { oncePerFrame } from './ui/frame';
import { h } from './ui/h';
import { connect } from './ui/host';
import { intents } from './ui/intents';
import { announcer } from './ui/live';
import { sectionNav } from './ui/sectionNav';
import { emptyState } from './ui/section';
import { button } from './ui/toolkit';
import { tooltip } from './ui/tooltip';
import { classesView, type ClassesState } from './views/classesView';
import { curvesView, type CurvesState } from './views/curvesView';
import { exemplarChoices, exemplarVersion, NO_EXEMPLARS_YET } from './views/exemplarFiles';
import type { ExemplarsState } from './views/exemplarTypes';
import { exemplarsView } from './views/exemplarsView';
import { learningView, type LearningState } from './views/learningView';
import { runActions } from './views/runActions';
import { runHeader, shownState, type Ownership } from './views/runHeader';
import { timeTables } from './views/timeTable';
import { timelineView } from './views/timelineView';

/** View intent, kept over reloads; `runDir` lets the editor restore the panel of this run. */
interface State extends CurvesState, LearningState, ClassesState, ExemplarsState {
  runDir: string;
  timelineTable: boolean;
}

let view: RunView | null = null;
let ownership: Ownership = 'ended';
let announced = '';
const exemplarVersions = new Map<number, string>();
const evaluations = new Map<number, PhaseView['evaluation']>();

const host = connect<ToDashboard, FromDashboard, State>(toDashboardSchema, receive);
const asked = intents((intent) => host.send({ type: 'intent', intent }));
const hint = tooltip();
const speak = announcer();
const actions = runActions(
  (intent) => asked.ask({ intent }),
  (command) => host.send({ type: 'command', command }),
);
const header = runHeader(null, actions.element);
const notice = banner();
const timeline = timelineView({
  id: 'timeline',
  title: 'Phase timeline',
  tooltip: hint,
  tableOpen: host.state.timelineTable ?? false,
  legend: [],
  followLoss: true,
  keep: host.keep,
});
const curves = curvesView(host.state, host.keep, false);
const learning = learningView(hint, host.state, host.keep);
const classes = classesView({
  tooltip: hint,
  kept: host.state,
  keep: host.keep,
  request(_, phase) {
    const metrics = view?.phases[phase]?.evaluation;
    if (metrics) host.send({ type: 'get-confusion', phase, metrics });
  },
});
const times = timeTables();
const exemplars = exemplarsView({
  tooltip: hint,
  kept: host.state,
  keep: host.keep,
  request: (file) => host.send({ type: 'get-exemplars', phase: Number(file) }),
});
const waiting = emptyState('Waiting for the first event of the run …');
const nav = sectionNav([
  { element: timeline.element, title: 'Timeline' },
  { element: curves.element, title: 'Forgetting' },
  { element: learning.element, title: 'Learning' },
  { element: exemplars.element, title: 'Exemplars' },
  { element: classes.element, title: 'Classes' },
  { element: times.element, title: 'Times' },
]);
const page = h(
  'main',
  { class: 'dashboard' },
  header.element,
  notice.element,
  nav,
  timeline.element,
  curves.element,
  learning.element,
  exemplars.element,
  classes.element,
  times.element,
);
document.getElementById('app')?.replaceChildren(waiting, page, hint.element, speak.element);
page.hidden = true;
const draw = oncePerFrame(show);
host.send({ type: 'ready' });

function receive(message: ToDashboard): void {
  switch (message.type) {
    case 'snapshot':
      view = foldEvents(message.events);
      ownership = message.ownership;
      host.keep({ runDir: message.runDir });
      break;
    case 'events':
      for (const event of message.events) {
        // A gap means that messages were lost while the page was hidden: the whole history is asked for again.
        if (view === null ? event.kind !== 'run-started' : event.seq > view.lastSeq + 1) {
          host.send({ type: 'ready' });
          return;
        }
        view = foldEvent(view, event);
      }
      break;
    case 'ownership':
      ownership = message.ownership;
      break;
    case 'exemplars':
      exemplars.setPixels(String(message.phase), message.pixels, message.error);
      break;
    case 'confusion':
      classes.setMatrices(0, message.phase, message.confusion, message.error?.message ?? null);
      break;
    case 'reply':
      asked.answer(message.id, message.error);
      break;
    default:
      unknownMessage(message);
  }
  draw();
}

function show(): void {
  waiting.hidden = view !== null;
  page.hidden = view === null;
  if (view === null) return;
  const state = shownState(view, ownership);
  document.title = `${view.config.name} · Mnemonics`;
  header.show(view, ownership);
  actions.show(state, ownership);
  showNotice(view);
  timeline.show(view);
  const runs = [{ title: view.config.name, view }];
  curves.show(runs);
  for (const { phase, evaluation } of view.phases) {
    if (evaluations.get(phase) !== evaluation) classes.forget(0, phase);
    evaluations.set(phase, evaluation);
    const version = exemplarVersion(view, phase);
    if (exemplarVersions.get(phase) !== version) exemplars.forget(String(phase));
    exemplarVersions.set(phase, version);
  }
  learning.show(runs);
  classes.show(runs);
  times.show(runs);
  exemplars.show({ choices: exemplarChoices(view), follow: true, empty: NO_EXEMPLARS_YET });
  announce(view, state);
}

function showNotice({ state, error }: RunView): void {
  const log = () => button('Show Log', () => host.send({ type: 'command', command: 'show-log' }), { icon: 'log' });
  if (state === 'failed') notice.show('error', error?.message ?? 'The run failed; the log may say why.', log());
  else if (ownership === 'elsewhere')
    notice.show('info', 'Another process is training this run: it is followed here, but only that process can pause or stop it.');
  else notice.hide();
}

function announce({ current, progress, phases }: RunView, state: string): void {
  const place = `${state} ${current?.phase} ${current?.stage}`;
  const stage = current?.stage ? `, phase ${current.phase} of ${phases.length - 1}, ${STAGE_WORDS[current.stage].label}` : '';
  if (place !== announced) speak.now(`${state}${stage}`);
  else
    speak.progress(
      `${percent(progress.fractionDone, 0)} done${progress.secondsLeft === null ? '' : `, about ${duration(progress.secondsLeft)} left`}`,
    );
  announced = place;
}

function unknownMessage(message: never): never {
  throw new Error(`Unhandled message ${JSON.stringify(message)}`);
}
