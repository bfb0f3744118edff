import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { required, statisticsOf, type KernelArgs } from './kernelArgs';

/** How a backend does best what batch norm needs by channel. */
export interface ChannelOps {
  /** x · scale + shift, [N,H,W,C] with [C]; without shift where it is null. */
  affine(x: Tensor4D, scale: Tensor1D, shift: Tensor1D | null): Tensor4D;
  /** The mean over N, H and W. */
  mean(x: Tensor4D): Tensor1D;
}

/**
 * `LabBatchNormTrainGradGrad`, the cotangents of [dy, x, γ] for cotangents A, B, C of the gradient's [dx, dγ, dβ]. With
 * x̂ = (x − μ)·r, r = rsqrt(σ² + ε) and means over a channel written ⟨·⟩:
 *
 *     Q = r·(A − ⟨A⟩ − x̂·⟨A·x̂⟩)                              s = B − γ·r·⟨A·x̂⟩
 *     of dy: γ·Q + B·x̂ + C                                    of γ: Σ Q·dy
 *     of x: s·r·(dy − ⟨dy⟩ − x̂·⟨dy·x̂⟩) − γ·r·⟨dy·x̂⟩·Q − γ·r·⟨Q·dy⟩·x̂
 *
 * Nothing is divided by γ, so it may be zero.
 */
export const batchNormTrainGradGrad =
  ({ affine, mean }: ChannelOps) =>
  ({ inputs, attrs }: KernelArgs): Tensor[] => {
    const given = required(inputs, 'ddx', 'ddscale', 'ddoffset', 'dy', 'x', 'scale');
    const [a, dy, x] = [given.ddx as Tensor4D, given.dy as Tensor4D, given.x as Tensor4D];
    const [b, c, gamma] = [given.ddscale as Tensor1D, given.ddoffset as Tensor1D, given.scale as Tensor1D];
    const statistics = statisticsOf(attrs);
    const r = statistics.inverseDeviation;
    const centred = affine(x, tf.onesLike(r), tf.neg(statistics.mean));
    const normalised = affine(centred, r, null);
    const meanOfProduct = (u: Tensor4D, v: Tensor4D) => mean(tf.mul(u, v));

    const alongA = meanOfProduct(a, normalised);
    const q: Tensor4D = tf.add(affine(a, r, tf.neg(tf.mul(r, mean(a)))), affine(normalised, tf.neg(tf.mul(r, alongA)), null));
    const meanOfQ = meanOfProduct(q, dy);
    const slope: Tensor1D = tf.mul(gamma, r);
    const alongDy = meanOfProduct(dy, normalised);
    const s = tf.sub(b, tf.mul(slope, alongA));
    const sr: Tensor1D = tf.mul(s, r);
    const fromNormalised: Tensor1D = tf.neg(tf.add(tf.mul(sr, alongDy), tf.mul(slope, meanOfQ)));
    const ofX = tf.addN([
      affine(dy, sr, tf.neg(tf.mul(sr, mean(dy)))),
      affine(normalised, fromNormalised, null),
      affine(q, tf.neg(tf.mul(slope, alongDy)), null),
    ]);
    const count = x.size / r.size;
    return [tf.add(affine(q, gamma, c), affine(normalised, b, null)), ofX, tf.mul(meanOfQ, count)];
  };
