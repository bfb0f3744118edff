import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, TensorInfo } from '@tensorflow/tfjs-core';

/** What tfjs passes to a kernel. */
export interface KernelArgs {
  readonly inputs: Record<string, TensorInfo | undefined>;
  readonly attrs?: Record<string, unknown>;
  readonly backend: unknown;
}

type Kernel<A extends KernelArgs> = (args: A) => TensorInfo | TensorInfo[];

/** Registers a kernel that makes its outputs itself, in the place of the backend's own where it has one. */
export function replaceKernel<A extends KernelArgs>(backendName: string, kernelName: string, run: Kernel<A>): void {
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ kernelName, backendName, kernelFunc: run as unknown as tf.KernelFunc });
}

/** The same for one that leaves some cases, where it returns undefined, to the backend's own. */
export function overrideWhere<A extends KernelArgs>(
  backendName: string,
  kernelName: string,
  run: (args: A) => TensorInfo | TensorInfo[] | undefined,
): void {
  const stock = tf.getKernel(kernelName, backendName).kernelFunc as unknown as Kernel<A>;
  replaceKernel<A>(backendName, kernelName, (args) => run(args) ?? stock(args));
}

/** Registers a kernel whose stock ops run in a tidy: only what it returns stays. */
export function register(backendName: string, kernelName: string, run: (args: KernelArgs) => Tensor[]): void {
  replaceKernel(backendName, kernelName, (args) => {
    const outputs = tf.tidy(() => run(args));
    return outputs.length === 1 && outputs[0] ? outputs[0] : outputs;
  });
}

/** Whether an Add adds a number to each channel: [C] float32 to [..., C] float32. */
export const addsBias = (a: TensorInfo, b: TensorInfo): boolean =>
  a.shape.length > 1 && b.shape.length === 1 && a.shape.at(-1) === b.shape[0] && a.dtype === 'float32' && b.dtype === 'float32';

/** How many elements each channel of [..., C] has. */
export const elementsByChannel = ({ shape }: Pick<TensorInfo, 'shape'>): number =>
  shape.slice(0, -1).reduce((product, size) => product * size, 1);

/** The named inputs of a kernel. Throws an Error naming the one that is missing. */
export function required<K extends string>(inputs: KernelArgs['inputs'], ...names: K[]): Record<K, TensorInfo> {
  const found = names.map((name) => {
    const tensor = inputs[name];
    if (!tensor) throw new Error(`the kernel needs its input ${name}`);
    return [name, tensor] as const;
  });
  return Object.fromEntries(found) as Record<K, TensorInfo>;
}

/** A batch's statistics as a kernel's attributes give them: the mean, and 1 / √(variance + ε). */
export function statisticsOf(attrs: KernelArgs['attrs']): { mean: Tensor1D; inverseDeviation: Tensor1D } {
  const { mean, variance } = required({ mean: attrs?.['mean'], variance: attrs?.['variance'] } as KernelArgs['inputs'], 'mean', 'variance');
  return { mean: mean as Tensor1D, inverseDeviation: inverseDeviation(variance as Tensor1D, attrs) };
}

/** 1 / √(variance + ε), with the ε of a kernel's attributes. */
export function inverseDeviation(variance: Tensor1D, attrs: KernelArgs['attrs']): Tensor1D {
  return tf.rsqrt(tf.add(variance, Number(attrs?.['epsilon'])));
}
