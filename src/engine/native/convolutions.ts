import { join } from 'node:path';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { configError } from '../../protocol/errors';
import { STOCK_CONVOLUTIONS } from '../../protocol/engineInfo';
import { overrideWhere, required, type KernelArgs } from '../kernels/kernelArgs';
import { openAddon } from './addon';
import { NATIVE_BACKEND, type NativeBackend } from './backend';
import type { OpAttr } from './graphDef';
import { CONVOLUTIONS_FILE, type InstalledEngine } from './manifest';

/** What the addon of convolutions/ops.cc exports. */
interface ConvolutionsAddon {
  /**
   * Makes its ops known to TensorFlow.
   * @param only the one kind of CPU whose kernels may be used; empty for the best that there are
   * @returns that kind; null where this CPU can use none
   */
  register(threads: number, only: string): string | null;
}

/** Which convolutions an engine has. */
export interface Convolutions {
  /** As a run tells it among its engine's settings. */
  readonly kind: string;
  /** Why ours are not there although they could be: the end of a sentence. */
  readonly lacking?: string;
}

const STOCK: Convolutions = { kind: STOCK_CONVOLUTIONS };
const CHOICES: Readonly<Record<string, string>> = { '': '', avx512: 'AVX-512', avx2: 'AVX2', tensorflow: 'none' };

/** What this process has registered: TensorFlow takes an op once. */
let registered: Convolutions | undefined;

/**
 * Puts Winograd's convolutions (convolutions/winograd.cc) in front of TensorFlow's where they fit: 3×3 filters of stride 1 with one zero on every
 * side, channels in multiples of 16, on a CPU with AVX2 or AVX-512. They form fewer products than oneDNN's and do what follows
 * a convolution in the same pass (BENCHMARKS.md). MNEMONICS_CONVOLUTIONS asks for `avx512`, `avx2` or `tensorflow`.
 * @throws config-error if it asks for what this CPU can't do
 */
export function loadConvolutions(installed: InstalledEngine, backend: NativeBackend, threads: number): Convolutions {
  registered ??= register(installed, backend, threads);
  return registered;
}

function register({ folder, manifest }: InstalledEngine, backend: NativeBackend, threads: number): Convolutions {
  const wanted = process.env['MNEMONICS_CONVOLUTIONS'] ?? '';
  const only = CHOICES[wanted];
  if (only === undefined) throw configError(`MNEMONICS_CONVOLUTIONS is "${wanted}"; it can be avx512, avx2 or tensorflow, or be left out.`);
  if (wanted === 'tensorflow' || backend.isUsingGpuDevice) return STOCK;
  if (manifest.convolutionsSha256 === undefined) return { ...STOCK, lacking: '`engine install` again brings faster convolutions' };
  const addon = addonOf(join(folder, CONVOLUTIONS_FILE));
  if (typeof addon === 'string') return { ...STOCK, lacking: `its ${CONVOLUTIONS_FILE} doesn't load: ${addon}` };
  const kind = addon.register(threads, only);
  if (kind === null && wanted) throw configError(`MNEMONICS_CONVOLUTIONS asks for ${wanted}, which this CPU doesn't have; leave it out.`);
  if (kind === null) return STOCK;
  overrideConvolutions();
  overrideBatchNorm();
  return { kind: `Winograd, ${kind}` };
}

/** The addon, or why it doesn't load. */
function addonOf(file: string): ConvolutionsAddon | string {
  try {
    return openAddon(file) as ConvolutionsAddon;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function overrideConvolutions(): void {
  override('Conv2D', (inputs, attrs, backend) => {
    const { x, filter } = required(inputs, 'x', 'filter');
    return suits(filter.shape, attrs) && call(backend, 'LabConv2D', x, filter);
  });
  override('Conv2DBackpropInput', (inputs, attrs, backend) => {
    const { dy, filter } = required(inputs, 'dy', 'filter');
    return suits(filter.shape, attrs) && call(backend, 'LabConv2DBackpropInput', dy, filter);
  });
  override('Conv2DBackpropFilter', (inputs, attrs, backend) => {
    const { x, dy } = required(inputs, 'x', 'dy');
    return suits(attrs.filterShape ?? [], attrs) && call(backend, 'LabConv2DBackpropFilter', x, dy);
  });
}

/** Batch norm by the batch's statistics, of whose many pixels oneDNN's sums lose two digits. */
function overrideBatchNorm(): void {
  overrideWhere(NATIVE_BACKEND, 'LabBatchNormTrain', ({ inputs, attrs, backend }: KernelArgs) => {
    const { x, scale, offset } = required(inputs, 'x', 'scale', 'offset');
    return batchNormSuits(x) ? batchNorm(backend as NativeBackend, 'LabBatchNorm', attrs, [x, scale, offset]) : undefined;
  });
  overrideWhere(NATIVE_BACKEND, 'LabBatchNormTrainGrad', ({ inputs, attrs, backend }: KernelArgs) => {
    const { dy, x, scale } = required(inputs, 'dy', 'x', 'scale');
    if (!batchNormSuits(x)) return undefined;
    const { mean, variance } = required(attrs as KernelArgs['inputs'], 'mean', 'variance');
    return batchNorm(backend as NativeBackend, 'LabBatchNormGrad', attrs, [dy, x, scale, mean, variance]);
  });
}

const batchNormSuits = ({ shape }: TensorInfo): boolean =>
  shape.length === 4 && (shape[3] ?? 0) % 16 === 0 && shape.every((size) => size > 0);

function batchNorm(backend: NativeBackend, op: string, attrs: KernelArgs['attrs'], inputs: TensorInfo[]): Tensor[] {
  const epsilon: OpAttr = { name: 'epsilon', type: backend.binding.TF_ATTR_FLOAT, value: Number(attrs?.['epsilon']) };
  return backend.executeMultipleOutputs(op, [epsilon], inputs, 3);
}

/** What a convolution's kernel is told besides its tensors. */
interface Window {
  readonly filterShape?: readonly number[];
  readonly strides: number | readonly number[];
  readonly pad: unknown;
  readonly dilations?: number | readonly number[];
}

function override(kernel: string, run: (inputs: KernelArgs['inputs'], attrs: Window, backend: NativeBackend) => Tensor | false): void {
  overrideWhere(
    NATIVE_BACKEND,
    kernel,
    ({ inputs, attrs, backend }: KernelArgs) => run(inputs, attrs as unknown as Window, backend as NativeBackend) || undefined,
  );
}

function suits([height, width, inputs = 0, outputs = 0]: readonly number[], { strides, pad, dilations = 1 }: Window): boolean {
  const ones = [strides, dilations].flat().every((step) => step === 1);
  return height === 3 && width === 3 && ones && pad === 'same' && inputs % 16 === 0 && outputs % 16 === 0;
}

function call(backend: NativeBackend, op: string, first: TensorInfo, second: TensorInfo): Tensor {
  const terms: OpAttr = { name: 'terms', type: backend.binding.TF_ATTR_INT, value: 1 };
  return backend.executeSingleOutput(op, [terms], [first, second]);
}
