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
