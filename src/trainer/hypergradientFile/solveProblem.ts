import { scalar, tensor } from '@tensorflow/tfjs-core';
import type { Engine } from '../../engine/engine';
import { hypergradient } from '../../learning/hypergradient';
import type { PlainTensor } from '../../learning/model';
import { oneHot } from '../batches';
import { compileHypergradient } from '../compileHypergradient';
import { scalarOf, toTensors, valuesOf } from '../tensorData';
import type { FileProblem } from './readProblem';

/** The gradient of (9), of the exemplars' shape, and L_c(Θ'(E); D). */
export async function solveProblem(engine: Engine, problem: FileProblem): Promise<{ gradient: PlainTensor; loss: number }> {
  const { shape, params, buffers, exemplars, exemplarLabels, data, dataLabels, metadata } = problem;
  const { classes, innerSteps, innerLearningRate, innerBatchNorm, hypergradientMode: mode } = metadata;
  const steps = compileHypergradient(engine, shape, { mode, innerBatchNorm });
  const { gradient, loss } = hypergradient(steps, {
    model: { params: toTensors(params), buffers: toTensors(buffers) },
    exemplars: tensor(exemplars.data, [...exemplars.shape]),
    exemplarsOneHot: oneHot(exemplarLabels, classes),
    images: tensor(data.data, [...data.shape]),
    imagesOneHot: oneHot(dataLabels, classes),
    innerSteps,
    innerLearningRate: scalar(innerLearningRate),
  });
  return { gradient: { shape: exemplars.shape, data: await valuesOf(gradient) }, loss: await scalarOf(loss) };
}
