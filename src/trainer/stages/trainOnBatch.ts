import { scalar } from '@tensorflow/tfjs-core';
import type { Model } from '../../learning/model';
import type { TrainingInputs, TrainingOutputs } from '../../learning/trainingStep';
import type { Batch } from '../batches';
import { scalarOf } from '../tensorData';
import type { TrainingState } from '../trainingState';

/** What (6) is told anew at each step. */
export interface TrainingNumbers {
  /** α1 */
  readonly learningRate: number;
  /** The host's numbers as they stand. */
  readonly scalars: Readonly<Record<string, number>>;
}

/**
 * One step of (6): weights, running statistics and momentum of the state become what a batch makes of them.
 * @param old Θ_{i−1}, where the step distils
 * @returns the loss before the step
 */
export async function trainOnBatch(
  state: Pick<TrainingState, 'model' | 'momentum' | 'replaceModel' | 'replaceMomentum'>,
  step: (inputs: TrainingInputs) => TrainingOutputs,
  { images, oneHot }: Batch,
  numbers: TrainingNumbers,
  old: Model | null,
): Promise<number> {
  const { params, buffers } = state.model;
  const { momentum } = state;
  if (!momentum) throw new Error('Training has no momentum');
  const learningRate = scalar(numbers.learningRate);
  const scalars = Object.fromEntries(Object.entries(numbers.scalars).map(([name, value]) => [name, scalar(value)]));
  const inputs: TrainingInputs = { params, buffers, momentum, images, oneHot, learningRate, scalars };
  const next = step(old ? { ...inputs, oldParams: old.params, oldBuffers: old.buffers } : inputs);
  for (const t of [learningRate, ...Object.values(scalars)]) t.dispose();
  state.replaceModel({ params: next.params, buffers: next.buffers });
  state.replaceMomentum(next.momentum);
  const loss = await scalarOf(next.loss);
  next.loss.dispose();
  return loss;
}
