import type { ExemplarState } from '../learning/exemplarOptimizers';
import { copyOfModel, disposeModel, type Model } from '../learning/model';
import { disposeNamed, type NamedTensors } from '../ops/namedTensors';
import { NO_LOSSES, type ExemplarLosses } from '../protocol/learningEffect';
import type { BothClassifiers } from '../protocol/metrics';
import type { ExemplarMemory } from './exemplarMemory';

/** Where a run is: the step of the stage that comes next. */
export interface Cursor {
  readonly phase: number;
  /** Index into the phase's stages; their number where all are done. */
  readonly stage: number;
  readonly step: number;
}

/** A set of exemplars being learned, and what their optimiser remembers, [m, H, W, C] each. Not on the engine: an update takes a few of them there. */
export type LearnedExemplars = Readonly<Record<keyof ExemplarState, Float32Array>>;

/**
 * Everything that the next step depends on. Random streams are functions of seed and counters, so they need no place
 * here: this, the config and the data repeat the rest of a run bit for bit.
 */
export class TrainingState {
  cursor: Cursor = { phase: 0, stage: 0, step: 0 };
  /** Θ_{i−1}; null in phase 0. */
  oldModel: Model | null = null;
  /** Models that this phase's training passed through, where exemplars are learned from them (`innerStart`), oldest first. */
  snapshots: readonly Model[] = [];
  /** Of the stage that trains the model; null between such stages. */
  momentum: NamedTensors | null = null;
  /** Exemplars being learned, by set: `new` in (9), `a` and `b` in (10); empty between such stages. */
  readonly learning = new Map<string, LearnedExemplars>();
  /** Seconds spent so far in the stage and in the phase, pauses left out. */
  stageSeconds = 0;
  phaseSeconds = 0;
  /** After each phase that has been evaluated. */
  evaluations: BothClassifiers[] = [];

  /** What was measured of the exemplars that this phase has learned so far. */
  exemplarLosses: ExemplarLosses = NO_LOSSES;

  constructor(
    public model: Model,
    readonly memory: ExemplarMemory,
  ) {}

  /** What belonged to the phase alone goes. */
  endPhase(): void {
    this.memory.stored = null;
    this.exemplarLosses = NO_LOSSES;
    this.snapshots.forEach(disposeModel);
    this.snapshots = [];
  }

  /** Keeps a copy of the model as it is now, and no more than `most` in all: the oldest go. */
  keepSnapshot(most = Infinity): void {
    const all = [...this.snapshots, copyOfModel(this.model)];
    this.snapshots = all.slice(-most);
    all.slice(0, -this.snapshots.length).forEach(disposeModel);
  }

  /** Puts new weights in place of the old ones, which are given back. */
  replaceModel(model: Model): void {
    disposeModel(this.model);
    this.model = model;
  }

  replaceMomentum(momentum: NamedTensors | null): void {
    if (this.momentum) disposeNamed(this.momentum);
    this.momentum = momentum;
  }
}
