import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { ExemplarState } from '../../../learning/exemplarOptimizers';
import { imageSize } from '../../exemplarMemory';
import { gatherRows, scatterRows } from '../../imageRows';
import { valuesOf } from '../../tensorData';
import { assertFinite, type StageContext } from '../stage';

/** Exemplars on the engine for one update, with the class index of each. */
export interface TakenExemplars {
  readonly state: ExemplarState;
  readonly classes: Int32Array;
  /** Puts in place what they have become; the set owns it then. */
  replace(next: ExemplarState): Promise<void>;
  /** Gives back what was copied to take them. */
  dispose(): void;
}

/** Exemplars that are learned together: rows of the memory, whose state lives in the training state between the stage's steps. */
export class ExemplarSet {
  private readonly classes: Int32Array;

  /** @param name `new` in (9), `a` and `b` in (10) */
  constructor(
    private readonly context: StageContext,
    readonly name: string,
    private readonly rows: readonly number[],
  ) {
    this.classes = Int32Array.from(rows, (row) => context.state.memory.classes[row] ?? -1);
  }

  get count(): number {
    return this.rows.length;
  }

  /** Begins with what the memory holds. */
  begin(): void {
    const { state } = this.context;
    const pixels = state.memory.gather(this.rows);
    const zeros = () => this.onEngine(new Float32Array(pixels.length));
    state.replaceLearning(this.name, { exemplars: this.onEngine(pixels), firstMoment: zeros(), secondMoment: zeros() });
  }

  /** The exemplars of some classes, of which the set must have one at least: all of them as they are, a part as a copy. */
  async take(classes: ReadonlySet<number>): Promise<TakenExemplars> {
    const all = this.learned;
    const { state } = this.context;
    const places = [...this.classes.keys()].filter((i) => classes.has(this.classes[i] ?? -1));
    if (places.length === this.count) {
      const replace = async (next: ExemplarState) => state.replaceLearning(this.name, next);
      return { state: all, classes: this.classes, replace, dispose: () => undefined };
    }
    const size = imageSize(state.memory.image);
    const part = await this.fromArrays(async (name) => gatherRows(await valuesOf(all[name]), size, places));
    return {
      state: part,
      classes: Int32Array.from(places, (i) => this.classes[i] ?? -1),
      replace: async (next) => {
        const merged = await this.fromArrays(async (name) => {
          const values = (await valuesOf(all[name])).slice();
          scatterRows(values, size, places, await valuesOf(next[name]));
          return values;
        });
        disposeState(next);
        state.replaceLearning(this.name, merged);
      },
      dispose: () => disposeState(part),
    };
  }

  /** Puts what the exemplars have become into their rows of `pixels`, which has every row of the memory. @throws NotFinite */
  async into(pixels: Float32Array): Promise<Float32Array> {
    scatterRows(pixels, imageSize(this.context.state.memory.image), this.rows, await this.pixels());
    return pixels;
  }

  /** Puts them into the memory, and ends their learning. @throws NotFinite */
  async store(): Promise<void> {
    const { state } = this.context;
    state.memory.scatter(this.rows, await this.pixels());
    state.replaceLearning(this.name, null);
  }

  private async pixels(): Promise<Float32Array> {
    const pixels = await valuesOf(this.learned.exemplars);
    assertFinite(pixels);
    return pixels;
  }

  private get learned(): ExemplarState {
    const learned = this.context.state.learning.get(this.name);
    if (!learned) throw new Error(`No exemplars ${this.name} are being learned`);
    return learned;
  }

  private async fromArrays(arrayOf: (name: keyof ExemplarState) => Promise<Float32Array>): Promise<ExemplarState> {
    return {
      exemplars: this.onEngine(await arrayOf('exemplars')),
      firstMoment: this.onEngine(await arrayOf('firstMoment')),
      secondMoment: this.onEngine(await arrayOf('secondMoment')),
    };
  }

  private onEngine(pixels: Float32Array): Tensor {
    const { image } = this.context.state.memory;
    return tensor(pixels, [pixels.length / imageSize(image), image.height, image.width, image.channels]);
  }
}

function disposeState(state: ExemplarState): void {
  for (const t of Object.values(state)) t.dispose();
}
