import type { Model } from './model';
import type { Tensor } from '@tensorflow/tfjs-core';
import { NETWORK_FORMS, type NetworkForm } from '../protocol/networks';
import type { NetworkName } from '../protocol/words';
import { named, type NamedTensors } from '../ops/namedTensors';
import * as ops from '../ops/ops';
import { frozenBatchNorm, type BatchStatistics, BATCH_NORM_EPSILON } from './batchNorm';
import { BIAS_CORRECTION } from './biasCorrection';
import { layersOf } from './layers';
import { unitRows } from './losses';
import { maxPool } from './maxPool';
import { transferOf } from './weightTransfer';

/** A network as a run has it, apart from its weights. */
export interface NetworkShape extends Pick<NetworkForm, 'stem' | 'blocks' | 'channels'> {
  readonly inputChannels: number;
  readonly activation: 'relu' | 'squareplus';
  /** `cosine`: `fc.sigma` times the cosines of features and weights, and no activation before the features (LUCIR, section 3.2). */
  readonly head: 'linear' | 'cosine';
}

export function networkShape(
  name: NetworkName,
  inputChannels: number,
  activation: NetworkShape['activation'] = 'relu',
  head: NetworkShape['head'] = 'linear',
): NetworkShape {
  const { stem, blocks, channels } = NETWORK_FORMS[name];
  return { stem, blocks, channels, inputChannels, activation, head };
}

/** Number of features: the channels of the last stage. */
export const featureCount = ({ channels }: NetworkShape): number => channels.at(-1) ?? 0;

export interface Output {
  /** [N, features] */
  readonly features: Tensor;
  /** [N, classes], the bias correction in them where the model has one */
  readonly logits: Tensor;
  /** [N, classes]: what the classifier gives before scale and correction; of a cosine head the cosines. */
  readonly scores: Tensor;
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
export function forward(shape: NetworkShape, model: Model, images: Tensor, batchNorm: BatchNormMode): Output {
  if (batchNorm.kind === 'frozen') return forwardFolded(shape, foldFrozen(shape, model), model.buffers, images);
  const { params } = model;
  return pass(shape, model, images, (x, conv, norm, stride, padding) => {
    const { kernel, shift } = transferOf(model, conv);
    const convolved = ops.conv2d(x, kernel, stride, padding);
    const shifted = shift ? ops.add(convolved, shift) : convolved;
    const [scale, offset] = [named(params, `${norm}.weight`), named(params, `${norm}.bias`)];
    const { y, batchMean, batchVariance } = ops.batchNormTrain(shifted, scale, offset, BATCH_NORM_EPSILON);
    const [n = 1, height = 1, width = 1] = y.shape;
    batchNorm.onStatistics(norm, { mean: batchMean, variance: batchVariance, count: n * height * width });
    return y;
  });
}

/**
 * What a network with frozen batch norm computes with: a kernel and a bias for each convolution, with its batch norm and its weight transfer in
 * them, and the classifier as it is.
 */
export function foldFrozen(shape: NetworkShape, model: Model): NamedTensors {
  const { params, buffers } = model;
  const folded: Record<string, Tensor> = {};
  for (const { conv, norm } of layersOf(shape)) {
    const { kernel, shift } = transferOf(model, conv);
    const [gamma, beta] = [named(params, `${norm}.weight`), named(params, `${norm}.bias`)];
    const batchNorm = frozenBatchNorm(gamma, beta, named(buffers, `${norm}.running_mean`), named(buffers, `${norm}.running_var`));
    folded[`${conv}.weight`] = ops.mul(kernel, batchNorm.scale);
    folded[`${conv}.bias`] = shift ? ops.add(batchNorm.shift, ops.mul(shift, batchNorm.scale)) : batchNorm.shift;
  }
  for (const [name, tensor] of Object.entries(params)) if (name.startsWith('fc.')) folded[name] = tensor;
  return folded;
}

/** A forward pass of a folded network. @param buffers for the bias correction that they may hold */
export function forwardFolded(shape: NetworkShape, folded: NamedTensors, buffers: NamedTensors, images: Tensor): Output {
  return pass(shape, { params: folded, buffers }, images, (x, conv, _norm, stride, padding) =>
    ops.add(ops.conv2d(x, named(folded, `${conv}.weight`), stride, padding), named(folded, `${conv}.bias`)),
  );
}

/** From images to logits. @param convolve a convolution with its batch norm */
function pass(
  shape: NetworkShape,
  model: Model,
  images: Tensor,
  convolve: (x: Tensor, conv: string, norm: string, stride: 1 | 2, padding: number) => Tensor,
): Output {
  const activate = shape.activation === 'relu' ? ops.relu : ops.squareplus;
  let x =
    shape.stem === 'small' ? activate(convolve(images, 'conv1', 'bn1', 1, 1)) : maxPool(activate(convolve(images, 'conv1', 'bn1', 2, 3)));
  shape.channels.forEach((_, stage) => {
    for (let block = 0; block < shape.blocks; block++) {
      const prefix = `layer${stage + 1}.${block}`;
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const inner = activate(convolve(x, `${prefix}.conv1`, `${prefix}.bn1`, stride, 1));
      const residual = convolve(inner, `${prefix}.conv2`, `${prefix}.bn2`, 1, 1);
      const shortcut = stride === 2 ? convolve(x, `${prefix}.downsample.0`, `${prefix}.downsample.1`, 2, 0) : x;
      const sum = ops.add(residual, shortcut);
      const isLast = stage === shape.channels.length - 1 && block === shape.blocks - 1;
      x = isLast && shape.head === 'cosine' ? sum : activate(sum);
    }
  });
  return classify(shape, model, ops.mean(x, [1, 2]));
}

/** The classifier on features [N, features]. */
export function classify({ head }: Pick<NetworkShape, 'head'>, { params, buffers }: Model, features: Tensor): Output {
  const weight = named(params, 'fc.weight');
  const [scores, logits] =
    head === 'cosine' ? cosineHead(features, weight, named(params, 'fc.sigma')) : linearHead(features, weight, named(params, 'fc.bias'));
  const [scale, shift] = [buffers[BIAS_CORRECTION.scale], buffers[BIAS_CORRECTION.shift]];
  return { features, scores, logits: scale && shift ? ops.add(ops.mul(logits, scale), shift) : logits };
}

function linearHead(features: Tensor, weight: Tensor, bias: Tensor): [scores: Tensor, logits: Tensor] {
  const logits = ops.add(ops.matMul(features, weight, false, true), bias);
  return [logits, logits];
}

function cosineHead(features: Tensor, weight: Tensor, sigma: Tensor): [scores: Tensor, logits: Tensor] {
  const cosines = ops.matMul(unitRows(features), unitRows(weight), false, true);
  return [cosines, ops.mul(cosines, sigma)];
}
