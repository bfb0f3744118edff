import { LAB_KERNELS } from './kernels';

/**
 * Every kernel that the hypergradient's path may reach, forward and in both sweeps: each has its derivative in ./gradients,
 * written with kernels of this same list, and test/ops holds the second derivative of each against differences. A kernel that
 * is not here may lose its second derivative without an error, as stock softmax, exp or tanh do; a custom gradient, too.
 * The tests record which kernels run for every network and mode.
 */
export const TWICE_DIFFERENTIABLE: ReadonlySet<string> = new Set([
  ...['Add', 'Sub', 'Multiply', 'RealDiv', 'Neg', 'Exp', 'Log', 'Sqrt', 'Rsqrt', 'Square', 'Relu'],
  ...['ZerosLike', 'Identity', 'Cast', 'Reshape', 'Sum', 'Tile', 'PadV2', 'Slice'],
  ...['BatchMatMul', 'Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
  ...Object.values(LAB_KERNELS),
]);
