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

/** What a kernel on that heap is given. */
export type HeapKernelArgs = KernelArgs & { readonly backend: WasmHeapBackend };
