import type { DataSet } from '../../data/dataSet';
import type { InParts } from '../../learning/inParts';
import type { Config } from '../../protocol/config';
import type { Plan } from '../../protocol/events';
import type { Evaluation } from '../evaluation';
import type { CompiledSteps } from '../compiledSteps';
import type { TrainingState } from '../trainingState';

export type PhasePlan = Plan['phases'][number];

/** What a stage works with. Only `state` changes. */
export interface StageContext {
  /** The config as it stands: live changes are in it from the next step on. */
  readonly config: () => Config;
  readonly steps: CompiledSteps;
  readonly data: DataSet;
  readonly plan: Plan;
  readonly phase: PhasePlan;
  readonly state: TrainingState;
  /** Where evaluate leaves its confusion matrices for the phase's end. */
  evaluated(evaluation: Evaluation): void;
  /**
   * To be awaited between the parts of a long step, or of a stage's long end: signals and messages come in.
   * @throws StepAbandoned where the run is to stop; the step must have changed nothing yet
   */
  midStep(): Promise<void>;
}

/** A step was given up in its middle, because the run is to stop; it is made from its beginning when the run goes on. */
export class StepAbandoned extends Error {}

/** A long computation with looks up between its parts. @throws StepAbandoned */
export async function partByPart<T>({ midStep }: Pick<StageContext, 'midStep'>, parts: InParts<T>): Promise<T> {
  for (;;) {
    const { done, value } = parts.next();
    if (done) return value;
    await midStep();
  }
}

export interface StepResult {
  /** Mean loss of the step; null where the stage has none. */
  readonly loss: number | null;
  /** Images that went forward, or forward and backward. */
  readonly images: number;
}

/** A stage in progress. Each step leaves the state such that a resume point may be taken after it. */
export interface StageRun {
  /** True for a stage whose results live in memory until its end: an interrupted one begins anew. */
  readonly restarts?: boolean;
  step(i: number): Promise<StepResult>;
  /** After the last step. */
  end(): Promise<void>;
}

/**
 * Begins a stage, or goes on with one.
 * @param fromStep 0 for a fresh start; else the state holds what the earlier steps have left
 */
export type StageStart = (context: StageContext, fromStep: number) => Promise<StageRun>;

/** Numbers that training has driven out of range. The run tells where, and what to lower. */
export class NotFinite extends Error {}

/** @throws NotFinite */
export function assertFinite(values: Float32Array | readonly number[]): void {
  if (!values.every(Number.isFinite)) throw new NotFinite('Not a number');
}

/** Classes seen up to and including a phase. */
export const classesSeen = (plan: Plan, phase: number): number =>
  plan.phases.filter((p) => p.phase <= phase).reduce((total, { classes }) => total + classes.length, 0);

/** Exemplars of each class from the phase's selection on; plans of before memory could shrink leave it to the config. */
export const exemplarsPerClass = ({ phase, config }: Pick<StageContext, 'phase' | 'config'>): number =>
  phase.exemplarsPerClass ?? config().exemplarsPerClass;
