import type { DataSet } from '../data/dataSet';
import type { Config } from '../protocol/config';
import type { EngineInfo } from '../protocol/engineInfo';
import type { Plan, RunEvent } from '../protocol/events';
import type { RunView } from '../protocol/runView';
import type { RunFolder } from '../store/runFolder';
import type { CompiledSteps } from './compiledSteps';
import type { RunControl } from './runControl';
import type { TrainingState } from './trainingState';

export interface RunListener {
  onEvent?(event: RunEvent): void;
  /** Something that people should know and that is no fact of the run. */
  onNotice?(text: string): void;
  /** A resume point was written, which kept the training waiting for so many seconds. */
  onResumePoint?(seconds: number): void;
}

/** What a run does by the clock, in milliseconds. */
export interface RunPaces {
  /** A resume point is written at each stage's end, when the run stops, and at least so often. */
  readonly resumePointMs: number;
  /** At most so often does a stage report. */
  readonly reportMs: number;
}
export const PACES: RunPaces = { resumePointMs: 60_000, reportMs: 250 };

/** A run that is to be made, or gone on with, and all that it works with. */
export interface RunJob extends RunListener {
  readonly folder: RunFolder;
  readonly config: Config;
  readonly plan: Plan;
  readonly data: DataSet;
  readonly steps: CompiledSteps;
  readonly state: TrainingState;
  readonly engine: EngineInfo;
  readonly resumed: boolean;
  /** Where a new run repeats another. */
  readonly replay?: RunView['replay'] | undefined;
  readonly control: RunControl;
  readonly paces?: RunPaces;
}
