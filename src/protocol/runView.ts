import type { Config } from './config';
import type { CountedChange } from './countedChanges';
import type { EngineInfo } from './engineInfo';
import type { ErrorInfo } from './errors';
import type { ClassInfo, Plan, RunEvent } from './events';
import type { RunId } from './ids';
import type { LearningEffect } from './learningEffect';
import type { LossCurve } from './lossCurve';
import type { BothClassifiers, ExemplarChange } from './metrics';
import type { Classifier, Stage } from './words';

export type WorkState = 'waiting' | 'running' | 'done';

export interface StageView {
  readonly stage: Stage;
  readonly state: WorkState;
  readonly steps: number;
  /** Steps done; equals `steps` when done. */
  readonly step: number;
  /** Images the plan expects to feed: the measure of work of a stage that has no duration yet. */
  readonly images: number;
  /** Milliseconds since 1970; null before it started. */
  readonly startedAt: number | null;
  /** Null until it ended. */
  readonly seconds: number | null;
  /** Mean losses as they were reported, oldest first. */
  readonly losses: LossCurve;
}

export interface PhaseView {
  readonly phase: number;
  readonly classes: readonly ClassInfo[];
  readonly state: WorkState;
  readonly stages: readonly StageView[];
  readonly seconds: number | null;
  readonly evaluation: BothClassifiers | null;
  readonly exemplars: { readonly file: string; readonly changes: readonly ExemplarChange[]; readonly meanChange: number } | null;
  /** Null where no exemplars were learned. */
  readonly learning: LearningEffect | null;
  /** Path relative to the run folder. */
  readonly checkpoint: string | null;
}

/** Something that happened at a moment of the run and is marked where it happened. */
export interface MarkView {
  readonly time: number;
  readonly phase: number;
  readonly stage: Stage | null;
  readonly step: number;
  readonly kind: 'warning' | 'setting' | 'paused' | 'resumed' | 'continued';
  readonly text: string;
}

export type RunState = 'running' | 'paused' | 'completed' | 'stopped' | 'failed';

/** Everything a view shows of a run: the fold of its events and of nothing else. */
export interface RunView {
  readonly runId: RunId;
  /** As they are now: with the changes that count. */
  readonly config: Config;
  readonly plan: Plan;
  /** As the run began. */
  readonly beginning: { readonly config: Config; readonly plan: Plan };
  /** The changes that count, in their order, each with the place from which it does. */
  readonly changes: readonly CountedChange[];
  /** The run that this one repeats, and its changes; null for a run of its own. */
  readonly replay: Extract<RunEvent, { kind: 'run-started' }>['replay'] | null;
  /** The one that it has now. */
  readonly engine: EngineInfo;
  /** In what it differed from the one before, each time that the run went on with another, as text; of those no bit is promised. */
  readonly engineChanges: readonly string[];
  readonly headline: Classifier;
  readonly state: RunState;
  readonly phases: readonly PhaseView[];
  /** Where the run is; null once it has ended. */
  readonly current: { readonly phase: number; readonly stage: Stage | null; readonly step: number } | null;
  readonly progress: {
    readonly loss: number | null;
    readonly imagesPerSecond: number;
    readonly secondsLeft: number | null;
    readonly fractionDone: number;
  };
  readonly marks: readonly MarkView[];
  readonly error: ErrorInfo | null;
  readonly startedAt: number;
  readonly lastSeq: number;
  readonly lastTime: number;
}
