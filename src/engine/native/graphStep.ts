import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Step, TensorTree } from '../engine';
import { runEagerly } from '../eager';
import { leaves, signature } from '../tree';
import type { NativeBackend } from './backend';
import { RecordingError } from './opCall';
import { recordStep } from './record';

/** A step as a graph in a session, or op by op where it can't be one. */
interface Recording {
  run(inputs: TensorTree): TensorTree;
  /** The session's number; null where there is none. */
  readonly model: number | null;
  /** Whether it has run since {@link GraphSteps.releaseUnused} looked. */
  used: boolean;
}

/** Shapes of one step kept at a time, however many a stage has: their sessions keep memory. */
const KEPT_SHAPES = 4;

/** The graphs of one engine, loaded into sessions. */
export class GraphSteps {
  private readonly models = new Set<number>();
  /** The recordings of each compiled step, by the structure, shapes and types of its inputs. */
  private readonly compiled: Map<string, Recording>[] = [];

  /**
   * @param onFallback told when a step can't run as a graph and runs op by op instead; it may throw, to
   *   forbid that
   * @param release gives free memory back: making a graph ready takes much for a moment
   */
  constructor(
    private readonly backend: NativeBackend,
    private readonly onFallback: (name: string, cause: unknown) => void,
    private readonly release: () => void = () => undefined,
  ) {}

  /**
   * Compiles a step: one recording for each structure, shape and type of inputs. A last, smaller batch is one more
   * recording and not a padded batch. Recording a step of ResNet-32 and having TensorFlow optimise it takes 0.7 s of one core, once
   * a phase, and the numbers are those of its images by construction; padding would have to weigh rows of zeros out of the loss
   * and out of every batch norm's statistics, in each step and each host.
   */
  compile<I extends TensorTree, O extends TensorTree>(name: string, step: Step<I, O>): (inputs: I) => O {
    const recordings = new Map<string, Recording>();
    this.compiled.push(recordings);
    return (inputs) => {
      const key = signature(inputs);
      const known = recordings.get(key);
      const recording = known ?? this.prepare(name, step, inputs);
      // The newest last, so that the first is the one not used for longest.
      recordings.delete(key);
      recordings.set(key, recording);
      const [oldest] = recordings;
      if (oldest && recordings.size > KEPT_SHAPES) {
        recordings.delete(oldest[0]);
        this.unload(oldest[1].model);
      }
      recording.used = true;
      const outputs = recording.run(inputs) as O;
      if (!known) this.release();
      return outputs;
    };
  }

  /** Unloads what hasn't run since this was called last; what is called again is recorded again. */
  releaseUnused(): void {
    for (const recordings of this.compiled)
      for (const [key, recording] of recordings) {
        if (!recording.used) {
          recordings.delete(key);
          this.unload(recording.model);
        }
        recording.used = false;
      }
  }

  dispose(): void {
    for (const model of [...this.models]) this.unload(model);
  }

  private unload(model: number | null): void {
    if (model === null || !this.models.delete(model)) return;
    this.backend.deleteSavedModel(model);
  }

  private prepare<I extends TensorTree, O extends TensorTree>(name: string, step: Step<I, O>, inputs: I): Recording {
    const { backend } = this;
    let stepFailed = false;
    const watched: Step<I, O> = (traced) => {
      stepFailed = true;
      const outputs = step(traced);
      stepFailed = false;
      return outputs;
    };
    try {
      const { savedModel, feeds, fetches, assemble } = recordStep(backend, watched, inputs);
      const model = loadGraph(backend, savedModel);
      this.models.add(model);
      const infos = feeds.map((feed) => ({ name: feed, dtype: 'float32' as const, shape: [] }));
      const outputNames = [...fetches];
      const run = (values: TensorTree) =>
        assemble(
          backend.runSavedModel(
            model,
            leaves(values).map(({ tensor }) => tensor),
            infos,
            outputNames,
          ),
        );
      return { run, model, used: true };
    } catch (error) {
      // The step's own error is the caller's; anything else is ours, and running op by op still gives the result.
      if (stepFailed && !(error instanceof RecordingError)) throw error;
      this.onFallback(name, error);
      return { run: (values) => runEagerly(name, step, values as I), model: null, used: true };
    }
  }
}

function loadGraph(backend: NativeBackend, savedModel: Uint8Array): number {
  const folder = mkdtempSync(join(tmpdir(), 'mnemonics-graph-'));
  try {
    mkdirSync(join(folder, 'variables'));
    writeFileSync(join(folder, 'saved_model.pb'), savedModel);
    return backend.loadSavedModelMetaGraph(folder, 'serve');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
