import { divergedError } from '../protocol/errors';
import type { EventPlace } from '../store/eventLog';
import type { Stage } from '../protocol/words';
import { NotFinite } from './stages/stage';

/** What drives each stage, and is to be lowered where it diverges. */
const RATES: Readonly<Record<Stage, string>> = {
  train: '"alpha1"',
  distil: '"alpha1"',
  select: '"alpha1"',
  'mnemonics-new': '"alpha2" or "beta1"',
  'mnemonics-old': '"alpha2" or "beta2"',
  'fine-tune': '"fineTuneAlpha"',
  'fit-bias': '"bicFitAlpha"',
  evaluate: '"alpha1"',
};

/**
 * Does a stage's work, and turns numbers out of range into the sentence that says where it happened and what to lower.
 * @throws LabError `training-diverged`
 */
export async function watchingForDivergence<T>({ phase, stage, step }: EventPlace, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NotFinite)) throw error;
    const rate = RATES[stage ?? 'train'];
    throw divergedError(`The loss is no longer a number at phase ${phase}, stage ${stage}, step ${step}: lower ${rate} and start again.`);
  }
}
