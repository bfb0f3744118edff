import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend';
import type { OpAttr } from './graphDef';

/** What is used of tfjs-node's backend. */
export type NativeBackend = Pick<
  NodeJSKernelBackend,
  | 'binding'
  | 'isUsingGpuDevice'
  | 'readSync'
  | 'getDTypeInteger'
  | 'loadSavedModelMetaGraph'
  | 'runSavedModel'
  | 'deleteSavedModel'
  | 'getNumOfSavedModels'
> & {
  executeSingleOutput(op: string, attrs: OpAttr[], inputs: TensorInfo[]): Tensor;
  executeMultipleOutputs(op: string, attrs: OpAttr[], inputs: TensorInfo[], outputs: number): Tensor[];
  /** A tensor for what TensorFlow has under a number; a negative one stands for nothing. */
  createOutputTensor(metadata: { readonly id: number; readonly shape: number[]; readonly dtype: number }): Tensor;
};

/** The name under which tfjs-node registers its backend and kernels. */
export const NATIVE_BACKEND = 'tensorflow';

/** Gives the outputs of an op. */
export type OutputsOf = (op: string, attrs: readonly OpAttr[], inputs: readonly TensorInfo[], outputs: number) => Tensor[];

/**
 * Takes over the backend's two doors to TensorFlow: every op goes through one function.
 * @param through makes that function of the one that executes ops
 * @returns gives the doors back
 */
export function takeOverOps(backend: NativeBackend, through: (execute: OutputsOf) => OutputsOf): () => void {
  const { executeSingleOutput, executeMultipleOutputs } = backend;
  const outputsOf = through((op, attrs, inputs, outputs) => executeMultipleOutputs.call(backend, op, [...attrs], [...inputs], outputs));
  backend.executeSingleOutput = (op, attrs, inputs) => outputsOf(op, attrs, inputs, 1)[0] as Tensor;
  backend.executeMultipleOutputs = outputsOf;
  return () => void Object.assign(backend, { executeSingleOutput, executeMultipleOutputs });
}
