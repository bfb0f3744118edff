import { changesAt, withChange } from './countedChanges';
import { differencesText, engineDifferences } from './engineDifferences';
import type { RunEvent, RunPlace as Place } from './events';
import { changeText } from './liveChange';
import { LossCurve } from './lossCurve';
import type { ProgressEvent } from './progressEvent';
import type { MarkView, PhaseView, RunView, StageView } from './runView';

/**
 * The one fold of the product: the live dashboard, a reopened run, the report and the command line all show its result.
 * @param view the fold of the events before this one; null before `run-started`. Never changed.
 * @returns the new view; the same object where the event is a repetition (seq already folded) or precedes `run-started`.
 */
export function foldEvent(view: RunView | null, event: RunEvent): RunView | null {
  if (event.kind === 'run-started') return start(event);
  if (view === null || event.seq <= view.lastSeq) return view;
  const next = { ...view, lastSeq: event.seq, lastTime: event.time };
  switch (event.kind) {
    case 'run-continued': {
      const change = differencesText(engineDifferences(view.engine, event.engine));
      const engineChanges = change === '' ? view.engineChanges : [...view.engineChanges, change];
      const text = change === '' ? 'Continued after an interruption' : `Continued on another engine: ${change}`;
      const continued = {
        ...at(restartAt(next, event), event),
        state: 'running' as const,
        error: null,
        engine: event.engine,
        engineChanges,
      };
      return mark(continued, event, 'continued', text);
    }
    case 'phase-started':
      return at(
        updatePhase(next, event.phase, (p) => ({ ...p, state: 'running' })),
        event,
      );
    case 'stage-started':
      return at(
        updateStage(next, event, (s) => ({ ...s, state: 'running', steps: event.steps, step: event.step, startedAt: event.time })),
        event,
      );
    case 'progress':
      return foldProgress(next, [event]);
    case 'stage-ended':
      return at(
        updateStage(next, event, (s) => ({ ...s, state: 'done', step: s.steps, seconds: event.seconds })),
        event,
      );
    case 'exemplars-stored': {
      const { file, changes, meanChange } = event;
      return updatePhase(next, event.phase, (p) => ({ ...p, exemplars: { file, changes, meanChange } }));
    }
    case 'exemplars-learned': {
      const { losses, nearestMean, moved } = event;
      return updatePhase(next, event.phase, (p) => ({ ...p, learning: { losses, nearestMean, moved } }));
    }
    case 'evaluated':
      return updatePhase(next, event.phase, (p) => ({ ...p, evaluation: event.metrics }));
    case 'phase-ended':
      return updatePhase(next, event.phase, (p) => ({ ...p, state: 'done', seconds: event.seconds, checkpoint: event.checkpoint }));
    case 'paused':
      return mark({ ...next, state: 'paused' }, event, 'paused', 'Paused');
    case 'resumed':
      return mark({ ...next, state: 'running' }, event, 'resumed', 'Resumed');
    case 'setting-changed':
      return mark(withChange(next, event), event, 'setting', changeText(event));
    case 'warning':
      return mark(next, event, 'warning', event.message);
    case 'run-ended': {
      const progress =
        event.outcome === 'completed' ? { ...next.progress, secondsLeft: 0, fractionDone: 1 } : { ...next.progress, secondsLeft: null };
      return { ...next, state: event.outcome, error: event.error, current: null, progress };
    }
    default:
      return exhausted(event);
  }
}

/** A row of reports from one stage, folded at once: all of them are in its loss curve, and the last says how far it is. */
export function foldProgress(view: RunView, row: readonly [ProgressEvent, ...ProgressEvent[]]): RunView {
  const last = row.at(-1) as ProgressEvent;
  const { loss, imagesPerSecond, secondsLeft, fractionDone } = last;
  const grown = (losses: LossCurve) => row.reduce((curve, { step, loss }) => (loss === null ? curve : curve.with({ step, loss })), losses);
  const moved = updateStage(view, last, (s) => ({ ...s, step: last.step, losses: grown(s.losses) }));
  return at({ ...moved, lastSeq: last.seq, lastTime: last.time, progress: { loss, imagesPerSecond, secondsLeft, fractionDone } }, last);
}

function start(event: Extract<RunEvent, { kind: 'run-started' }>): RunView {
  return {
    runId: event.runId,
    config: event.config,
    plan: event.plan,
    beginning: { config: event.config, plan: event.plan },
    changes: [],
    replay: event.replay ?? null,
    engine: event.engine,
    engineChanges: [],
    headline: event.headline,
    state: 'running',
    phases: event.plan.phases.map(({ phase, classes, stages }) => ({
      phase,
      classes,
      state: 'waiting',
      stages: stages.map(({ stage, steps, images }) => ({
        stage,
        state: 'waiting',
        steps,
        step: 0,
        images,
        startedAt: null,
        seconds: null,
        losses: LossCurve.EMPTY,
      })),
      seconds: null,
      evaluation: null,
      exemplars: null,
      learning: null,
      checkpoint: null,
    })),
    current: { phase: 0, stage: null, step: 0 },
    progress: { loss: null, imagesPerSecond: 0, secondsLeft: null, fractionDone: 0 },
    marks: [],
    error: null,
    startedAt: event.time,
    lastSeq: event.seq,
    lastTime: event.time,
  };
}

const at = (view: RunView, { phase, stage, step }: Place): RunView => ({ ...view, current: { phase, stage, step } });

const mark = (view: RunView, event: RunEvent, kind: MarkView['kind'], text: string): RunView => ({
  ...view,
  marks: [...view.marks, { time: event.time, phase: event.phase, stage: event.stage, step: event.step, kind, text }],
});

const updatePhase = (view: RunView, phase: number, change: (p: PhaseView) => PhaseView): RunView => ({
  ...view,
  phases: view.phases.map((p) => (p.phase === phase ? change(p) : p)),
});

const updateStage = (view: RunView, place: Place, change: (s: StageView) => StageView): RunView =>
  updatePhase(view, place.phase, (p) => ({ ...p, stages: p.stages.map((s) => (s.stage === place.stage ? change(s) : s)) }));

/** What was logged after the resume point counts no more: later stages and phases wait again, the stage keeps its losses up to the step. */
function restartAt(before: RunView, { phase, stage, step }: Place): RunView {
  // No stage comes next: all were done, and only the run's end is missing.
  if (stage === null) return before;
  const view = changesAt(before, { phase, stage, step });
  return {
    ...view,
    phases: view.phases.map((p) => {
      if (p.phase < phase) return p;
      const reached = p.phase === phase ? p.stages.findIndex((s) => s.stage === stage) : -1;
      const stages = p.stages.map((s, i): StageView => {
        if (i < reached) return s;
        if (i === reached) return { ...s, state: 'running', step, seconds: null, losses: s.losses.upTo(step) };
        return { ...s, state: 'waiting', step: 0, startedAt: null, seconds: null, losses: LossCurve.EMPTY };
      });
      return {
        ...p,
        stages,
        state: p.phase === phase ? 'running' : 'waiting',
        seconds: null,
        evaluation: null,
        exemplars: null,
        learning: null,
        checkpoint: null,
      };
    }),
  };
}

function exhausted(event: never): never {
  throw new Error(`Unhandled event ${JSON.stringify(event)}`);
}
