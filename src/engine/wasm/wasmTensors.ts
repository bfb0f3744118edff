import * as tf from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelArgs } from '../kernels/kernelArgs';

/** The part of tfjs-backend-wasm that kernels on its heap need. */
export type WasmHeapBackend = Pick<BackendWasm, 'makeOutput' | 'dataIdMap' | 'incRef'>;

/** Byte address of a tensor's numbers. */
export function addressOf(backend: WasmHeapBackend, { dataId }: TensorInfo): number {
  return backend.dataIdMap.get(dataId).memoryOffset;
}

/** A new float32 tensor, its numbers not set. */
export function newTensor(backend: WasmHeapBackend, shape: readonly number[]): TensorInfo {
  return backend.makeOutput([...shape], 'float32');
}

type HeapKernelArgs = KernelArgs & { readonly backend: WasmHeapBackend };

/** Registers a kernel that makes its outputs itself, in place of the backend's own where it has one. */
export function registerOnHeap(backendName: string, kernelName: string, run: (args: HeapKernelArgs) => TensorInfo | TensorInfo[]): void {
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ kernelName, backendName, kernelFunc: run as unknown as tf.KernelFunc });
}

/** The same for a kernel that leaves some cases, where it returns undefined, to the backend's own. */
export function overrideWhere(backendName: string, kernelName: string, run: (args: HeapKernelArgs) => TensorInfo | undefined): void {
  const stock = tf.getKernel(kernelName, backendName).kernelFunc as unknown as (args: HeapKernelArgs) => TensorInfo;
  registerOnHeap(backendName, kernelName, (args) => run(args) ?? stock(args));
}
