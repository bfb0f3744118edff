import { layersOf } from '../../learning/layers';
import { featureCount, type NetworkShape } from '../../learning/network';

/** One convolution of a network as it runs on one image. */
export interface Convolution {
  readonly kernel: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Side of the square image that it makes. */
  readonly size: number;
}

/** Every convolution of a network in order, for square images of a side of `size` pixels. */
export function convolutionsOf(shape: NetworkShape, size: number): Convolution[] {
  const half = (side: number): number => Math.ceil(side / 2);
  const stem = shape.stem === 'small' ? size : half(size);
  const sides = [shape.stem === 'small' ? stem : half(stem)];
  for (const [stage] of shape.channels.slice(1).entries()) sides.push(half(sides[stage] ?? 0));
  return layersOf(shape).map(({ conv, kernel, inputs, outputs, stage }) => ({
    kernel,
    inputs,
    outputs,
    size: conv === 'conv1' ? stem : (sides[stage] ?? 0),
  }));
}

/** Operations of a convolution's forward pass on one image: a multiplication and an addition for each weight and pixel. */
const forwardOf = ({ kernel, inputs, outputs, size }: Convolution): number => 2 * kernel ** 2 * inputs * outputs * size ** 2;

/** Floating-point operations on one image: convolutions and classifier; what is done element by element is left out. */
export function operationsOf(shape: NetworkShape, size: number, classes: number): { readonly forward: number; readonly training: number } {
  const all = convolutionsOf(shape, size).map(forwardOf);
  const forward = all.reduce((a, b) => a + b, 0) + 2 * featureCount(shape) * classes;
  // Back go a gradient by the weights and one by the images, each as much work as forward; nobody asks for the first layer's second.
  return { forward, training: 3 * forward - (all[0] ?? 0) };
}

/**
 * Bytes that a training step moves through memory for one image, apart from what its convolutions read and write, when each
 * operation on elements reads its arguments from memory and writes its result there. In passes over a convolution's output:
 * batch norm 3 (its statistics, then the result), relu 2, relu's gradient 3, batch norm's gradient 5, and 2 for the
 * block's sum and that of its gradients.
 */
export function elementwiseBytes(shape: NetworkShape, size: number): number {
  const PASSES = 3 + 2 + 3 + 5 + 2;
  return convolutionsOf(shape, size).reduce((total, { outputs, size: side }) => total + PASSES * 4 * outputs * side ** 2, 0);
}
