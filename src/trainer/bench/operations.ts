import type { NetworkShape } from '../../learning/network';
import { featureCount } from '../../learning/network';

/** One convolution of a network as it runs on one image. */
export interface Convolution {
  readonly kernel: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Side of the square image that it makes. */
  readonly size: number;
}

/** Every convolution of a network in order, for square images of a side of `size` pixels. */
export function convolutionsOf({ stem, blocks, channels, inputChannels }: NetworkShape, size: number): Convolution[] {
  let inputs = channels[0] ?? 0;
  let side = stem === 'small' ? size : Math.ceil(size / 2);
  const all: Convolution[] = [{ kernel: stem === 'small' ? 3 : 7, inputs: inputChannels, outputs: inputs, size: side }];
  if (stem === 'imagenet') side = Math.ceil(side / 2);
  channels.forEach((outputs, stage) => {
    for (let block = 0; block < blocks; block++) {
      const halves = stage > 0 && block === 0;
      if (halves) side = Math.ceil(side / 2);
      all.push({ kernel: 3, inputs, outputs, size: side }, { kernel: 3, inputs: outputs, outputs, size: side });
      if (halves) all.push({ kernel: 1, inputs, outputs, size: side });
      inputs = outputs;
    }
  });
  return all;
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
