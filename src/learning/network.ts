import type { Tensor } from '@tensorflow/tfjs-core';
import type { NetworkName } from '../protocol/words';
import { named, type NamedTensors } from '../ops/namedTensors';
import * as ops from '../ops/ops';
import { frozenBatchNorm, type BatchStatistics, BATCH_NORM_EPSILON } from './batchNorm';

/** What a network is, apart from its weights. `blocks` is per stage; a resnet has 6·blocks + 2 layers. */
export interface NetworkShape {
  readonly blocks: number;
  readonly channels: readonly [number, number, number];
  readonly inputChannels: number;
  readonly activation: 'relu' | 'squareplus';
}

/** Weights by PyTorch's names. Convolutions are [kernel, kernel, in, out] in memory, [out, in, kernel, kernel] in files. */
export interface Model {
  /** What is trained. `fc.weight` is [classes, features]. */
  readonly params: NamedTensors;
  /** Running statistics of batch norm. */
  readonly buffers: NamedTensors;
}

export const BLOCKS: Readonly<Record<NetworkName, number>> = { resnet8: 1, resnet14: 2, resnet20: 3, resnet32: 5 };

/** The family of small residual networks for 28×28 and 32×32 images (He et al. 2016), with 1×1-convolution shortcuts. */
export function smallResNet(name: NetworkName, inputChannels: number, activation: NetworkShape['activation'] = 'relu'): NetworkShape {
  return { blocks: BLOCKS[name], channels: [16, 32, 64], inputChannels, activation };
}

export interface Output {
  /** [N, features] */
  readonly features: Tensor;
  /** [N, classes] */
  readonly logits: Tensor;
}

/**
 * Batch norm of a forward pass. `frozen` uses the running statistics (scale and shift still train); `batch` the batch's
 * own, which it hands out for the running statistics' update: they are kept until the caller disposes them.
 */
export type BatchNormMode =
  { readonly kind: 'frozen' } | { readonly kind: 'batch'; onStatistics(name: string, statistics: BatchStatistics): void };
export const FROZEN: BatchNormMode = { kind: 'frozen' };

/**
 * One forward pass.
 * @param images [N, H, W, inputChannels], normalised
 */
export function forward(shape: NetworkShape, { params, buffers }: Model, images: Tensor, batchNorm: BatchNormMode): Output {
  const activate = shape.activation === 'relu' ? ops.relu : ops.squareplus;

  const convolve = (x: Tensor, conv: string, norm: string, stride: 1 | 2, padding: 0 | 1): Tensor => {
    const weight = named(params, `${conv}.weight`);
    const [scale, offset] = [named(params, `${norm}.weight`), named(params, `${norm}.bias`)];
    if (batchNorm.kind === 'frozen') {
      const folded = frozenBatchNorm(scale, offset, named(buffers, `${norm}.running_mean`), named(buffers, `${norm}.running_var`));
      return ops.add(ops.conv2d(x, ops.mul(weight, folded.scale), stride, padding), folded.shift);
    }
    const { y, batchMean, batchVariance } = ops.batchNormTrain(ops.conv2d(x, weight, stride, padding), scale, offset, BATCH_NORM_EPSILON);
    const [n = 1, height = 1, width = 1] = y.shape;
    batchNorm.onStatistics(norm, { mean: batchMean, variance: batchVariance, count: n * height * width });
    return y;
  };

  let x = activate(convolve(images, 'conv1', 'bn1', 1, 1));
  shape.channels.forEach((_, stage) => {
    for (let block = 0; block < shape.blocks; block++) {
      const prefix = `layer${stage + 1}.${block}`;
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const inner = activate(convolve(x, `${prefix}.conv1`, `${prefix}.bn1`, stride, 1));
      const residual = convolve(inner, `${prefix}.conv2`, `${prefix}.bn2`, 1, 1);
      const shortcut = stride === 2 ? convolve(x, `${prefix}.downsample.0`, `${prefix}.downsample.1`, 2, 0) : x;
      x = activate(ops.add(residual, shortcut));
    }
  });
  const features = ops.mean(x, [1, 2]);
  const logits = ops.add(ops.matMul(features, named(params, 'fc.weight'), false, true), named(params, 'fc.bias'));
  return { features, logits };
}
