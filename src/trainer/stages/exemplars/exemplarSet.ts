import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { ExemplarState } from '../../../learning/exemplarOptimizers';
import { disposeNamed } from '../../../ops/namedTensors';
import { imageSize } from '../../exemplarMemory';
import { gatherRows, scatterRows } from '../../imageRows';
import { valuesOf } from '../../tensorData';
import type { LearnedExemplars } from '../../trainingState';
import { assertFinite, type StageContext } from '../stage';

/** Exemplars on the engine for one update, with the class index of each. */
export interface TakenExemplars {
  readonly state: ExemplarState;
  readonly classes: Int32Array;
  /** Takes over what they have become, and puts it in place. */
  replace(next: ExemplarState): Promise<void>;
  dispose(): void;
}

/** Exemplars that are learned together: rows of the memory, whose state lives in the training state between the stage's steps. */
export class ExemplarSet {
  private readonly classes: Int32Array;
  private readonly size: number;

  /** @param name `new` in (9), `a` and `b` in (10) */
  constructor(
    private readonly context: StageContext,
    readonly name: string,
    private readonly rows: readonly number[],
  ) {
    const { memory } = context.state;
    this.classes = Int32Array.from(rows, (row) => memory.classes[row] ?? -1);
    this.size = imageSize(memory.image);
  }

  /** Begins with what the memory holds. */
  begin(): void {
    const { state } = this.context;
    const exemplars = state.memory.gather(this.rows);
    const zeros = () => new Float32Array(exemplars.length);
    state.learning.set(this.name, { exemplars, firstMoment: zeros(), secondMoment: zeros() });
  }

  /** The exemplars of some classes, of which the set must have one at least. */
  take(classes: ReadonlySet<number>): TakenExemplars {
    const { learned, size } = this;
    const places = [...this.classes.keys()].filter((i) => classes.has(this.classes[i] ?? -1));
    const { height, width, channels } = this.context.state.memory.image;
    const onEngine = (values: Float32Array): Tensor => tensor(gatherRows(values, size, places), [places.length, height, width, channels]);
    const state = {
      exemplars: onEngine(learned.exemplars),
      firstMoment: onEngine(learned.firstMoment),
      secondMoment: onEngine(learned.secondMoment),
    };
    return {
      state,
      classes: Int32Array.from(places, (i) => this.classes[i] ?? -1),
      async replace(next) {
        const [exemplars, firstMoment, secondMoment] = [
          await valuesOf(next.exemplars),
          await valuesOf(next.firstMoment),
          await valuesOf(next.secondMoment),
        ];
        scatterRows(learned.exemplars, size, places, exemplars);
        scatterRows(learned.firstMoment, size, places, firstMoment);
        scatterRows(learned.secondMoment, size, places, secondMoment);
        disposeNamed(next);
      },
      dispose: () => disposeNamed(state),
    };
  }

  /** Puts what the exemplars have become into their rows of `pixels`, which has every row of the memory. @throws NotFinite */
  into(pixels: Float32Array): Float32Array {
    scatterRows(pixels, this.size, this.rows, this.pixels());
    return pixels;
  }

  /** Puts them into the memory, and ends their learning. @throws NotFinite */
  store(): void {
    const { state } = this.context;
    state.memory.scatter(this.rows, this.pixels());
    state.learning.delete(this.name);
  }

  private pixels(): Float32Array {
    const { exemplars } = this.learned;
    assertFinite(exemplars);
    return exemplars;
  }

  private get learned(): LearnedExemplars {
    const learned = this.context.state.learning.get(this.name);
    if (!learned) throw new Error(`No exemplars ${this.name} are being learned`);
    return learned;
  }
}
