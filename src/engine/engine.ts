import type { Tensor } from '@tensorflow/tfjs-core';
import type { EngineInfo } from '../protocol/engineInfo';

/** A tensor, or named tensors, nested as deep as a step needs. */
export type TensorTree = Tensor | { readonly [name: string]: TensorTree };

/** A pure function of tensors: no variables, no dataSync, no randomness, no clock. */
export type Step<I extends TensorTree, O extends TensorTree> = (inputs: I) => O;

export interface CompileOptions {
  /** Never records the step as a graph: for one whose last bits would depend on the order in which a graph's ops happen to run. */
  readonly opByOp?: boolean;
}

/** What executes tensors. Loading one makes its tfjs backend the current one of this process. */
export interface Engine {
  readonly info: EngineInfo;

  /**
   * Compiles a pure step. The same function of the same shapes is recorded once (native) or run
   * eagerly in a tidy (webgpu, wasm, cpu). Outputs are new tensors that the caller disposes; inputs are
   * never disposed.
   *
   * What changes between calls must be an input: everything else that the step reads is a constant
   * of the recording. Throws what the step throws.
   */
  compile<I extends TensorTree, O extends TensorTree>(name: string, step: Step<I, O>, options?: CompileOptions): (inputs: I) => O;

  /**
   * Between a run's stages: gives memory back, that of recordings as well that haven't run since this was called last. A compiled step that is
   * called again is recorded again.
   */
  releaseUnused(): void;

  /** Frees recorded graphs and temporary files. Compiled steps must not be called afterwards. */
  dispose(): void;
}
