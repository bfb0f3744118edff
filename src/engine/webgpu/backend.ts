import * as tf from '@tensorflow/tfjs-core';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { engineError } from '../../protocol/errors';

type DataId = Parameters<WebGPUBackend['read']>[0];
type Values = Parameters<WebGPUBackend['write']>[0];

/**
 * tfjs's WebGPU backend, where it would go wrong without a word: WebGPU reports errors beside the results, and tfjs
 * doesn't listen, so that after one (too little memory, say) values are read that nobody computed.
 */
export class CheckedBackend extends WebGPUBackend {
  private failure: string | undefined;
  private ended = false;

  constructor(device: GPUDevice, info: GPUAdapterInfo) {
    super(device, info);
    device.addEventListener('uncapturederror', (event) => {
      // Else it is printed, with all that follows from it.
      event.preventDefault();
      this.failure ??= event.error.message;
    });
    void device.lost.then(({ message }) => {
      if (!this.ended) this.failure ??= message || 'the device was lost';
    });
  }

  /** Throws engine-unavailable once the GPU has reported an error: nothing that was computed since is to be trusted. */
  assertSound(): void {
    if (!this.failure) return;
    const [cause = ''] = this.failure.trim().split('\n');
    throw engineError(`The GPU reports an error: ${cause} Use smaller batches, or another engine (--engine native or wasm).`);
  }

  /** Takes a copy: the upload comes when the tensor is first used, and the caller's array may hold the next batch by then. */
  override write(values: Values, shape: number[], dtype: tf.DataType): ReturnType<WebGPUBackend['write']> {
    return super.write(values instanceof Float32Array || values instanceof Int32Array ? values.slice() : values, shape, dtype);
  }

  override async read(dataId: DataId): ReturnType<WebGPUBackend['read']> {
    try {
      return await super.read(dataId);
    } finally {
      // Instead of the values, and of the follow-up error that a buffer can't be read.
      this.assertSound();
    }
  }

  override readSync(dataId: object): ReturnType<WebGPUBackend['readSync']> {
    const { values } = this.tensorMap.get(dataId);
    if (!values) throw new Error('The webgpu engine can only be read from by await tensor.data()');
    return values;
  }

  override dispose(): void {
    this.ended = true;
    super.dispose();
    this.device.destroy();
  }
}

const NAME = 'webgpu';

/** Starts a device on Dawn's best adapter and makes it tfjs's current backend. */
export async function startBackend(gpu: GPU): Promise<CheckedBackend> {
  // Small tensors that were just made would be computed on the CPU, others on the GPU: a resumed run, whose weights have just been
  // read, would get other bits than one that went on.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  // By itself tfjs takes a product of matrices for some shapes whose parts are added in the order in which they happen to end.
  tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', TILED_PRODUCT);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw engineError('The GPU that was there a moment ago is gone. Start again, or use another engine with --engine.');
  const device = await adapter.requestDevice({ requiredLimits: limitsOf(adapter) });
  if (tf.findBackendFactory(NAME)) tf.removeBackend(NAME);
  tf.registerBackend(NAME, () => whileSupported(gpu, () => new CheckedBackend(device, adapter.info)), 3);
  await tf.setBackend(NAME);
  return tf.backend() as unknown as CheckedBackend;
}

/** Takes the backend away with all its tensors, so that nothing of it keeps the process alive. */
export function stopBackend(): void {
  if (tf.findBackendFactory(NAME)) tf.removeBackend(NAME);
}

/** `MatMulProgramType.MatMulPackedProgram`. */
const TILED_PRODUCT = 3;

const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const;

/** All that the adapter has of what tfjs's shaders are sized by. */
function limitsOf({ limits }: GPUAdapter): Record<string, number> {
  return Object.fromEntries(LIMITS.map((name) => [name, limits[name]]));
}

/** tfjs asks `navigator.gpu` whether there is WebGPU, in the constructor only. Node has a `navigator` of its own from 21 on. */
function whileSupported<T>(gpu: GPU, run: () => T): T {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true, writable: true });
  try {
    return run();
  } finally {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else Reflect.deleteProperty(globalThis, 'navigator');
  }
}
