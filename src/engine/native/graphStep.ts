import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Step, TensorTree } from '../engine';
import { runEagerly } from '../eager';
import { leaves, signature } from '../tree';
import type { NativeBackend } from './backend';
import { RecordingError, recordStep } from './record';

/** The graphs of one engine, loaded into sessions. */
export class GraphSteps {
  private readonly models: number[] = [];

  /**
   * @param onFallback told when a step can't run as a graph and runs op by op instead; it may throw, to
   *   forbid that
   */
  constructor(
    private readonly backend: NativeBackend,
    private readonly onFallback: (name: string, cause: unknown) => void,
  ) {}

  /** Compiles a step: one recording for each structure, shape and type of inputs. */
  compile<I extends TensorTree, O extends TensorTree>(name: string, step: Step<I, O>): (inputs: I) => O {
    const recordings = new Map<string, (inputs: I) => O>();
    return (inputs) => {
      const key = signature(inputs);
      let run = recordings.get(key);
      if (!run) recordings.set(key, (run = this.prepare(name, step, inputs)));
      return run(inputs);
    };
  }

  dispose(): void {
    for (const model of this.models.splice(0)) this.backend.deleteSavedModel(model);
  }

  private prepare<I extends TensorTree, O extends TensorTree>(name: string, step: Step<I, O>, inputs: I): (inputs: I) => O {
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
      this.models.push(model);
      const infos = feeds.map((feed) => ({ name: feed, dtype: 'float32' as const, shape: [] }));
      const outputNames = [...fetches];
      return (values) =>
        assemble(
          backend.runSavedModel(
            model,
            leaves(values).map(({ tensor }) => tensor),
            infos,
            outputNames,
          ),
        );
    } catch (error) {
      // The step's own error is the caller's; anything else is ours, and running op by op still gives the result.
      if (stepFailed && !(error instanceof RecordingError)) throw error;
      this.onFallback(name, error);
      return (values) => runEagerly(name, step, values);
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
