import { engine, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';

/** Kernels of our own, which each engine registers for its backend. Their derivatives are in ./gradients. */
export const LAB_KERNELS = {
  /** {x [N,H,W,C], scale [C], offset [C]}, {epsilon} → [y, mean [C], variance [C] (biased)] */
  batchNormTrain: 'LabBatchNormTrain',
  /**
   * {dy, x, scale}, {mean, variance, epsilon} → [dx, dscale, doffset]. The statistics are attributes: they are x's own, so
   * what they contribute to a derivative belongs to x's.
   */
  batchNormTrainGrad: 'LabBatchNormTrainGrad',
  /**
   * The derivative of {@link batchNormTrainGrad}: {ddx, ddscale [C], ddoffset [C], dy, x, scale}, {mean, variance, epsilon} →
   * cotangents of [dy, x, scale], those that reach x through its statistics included.
   */
  batchNormTrainGradGrad: 'LabBatchNormTrainGradGrad',
  /** {dy}, {x} → dy where x > 0, else 0. x is an attribute: as an input the tape would ask for its gradient, which is none. */
  reluGrad: 'LabReluGrad',
  /** {dy […, C]} → [C], summed over all axes but the last */
  biasAddGrad: 'LabBiasAddGrad',
  /** {x [n, c]} → [n, 1], each row's largest entry. To the tape a constant. */
  rowMaximum: 'LabRowMaximum',
  /** Any named inputs, and an attribute of the same name and shape for each → the scalar 0, whose derivatives are those attributes. */
  seed: 'LabSeed',
} as const;

type Attributes = NonNullable<Parameters<ReturnType<typeof engine>['runKernel']>[2]>;

/** A tensor as an attribute, which tfjs's types don't foresee and its engine hands on untouched. */
export const asAttribute = (tensor: Tensor) => tensor as unknown as Attributes[string];

/** Runs a kernel with one output on the current backend, on the tape where one is recording. */
export function runKernel(name: string, inputs: NamedTensorMap, attributes: Attributes = {}): Tensor {
  return engine().runKernel<Tensor>(name, inputs, attributes);
}

/** The same for a kernel with several outputs. */
export function runKernelMultiple(name: string, inputs: NamedTensorMap, attributes: Attributes = {}): Tensor[] {
  return engine().runKernel<Tensor[]>(name, inputs, attributes);
}
