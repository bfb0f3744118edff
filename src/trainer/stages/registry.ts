import type { Stage } from '../../protocol/words';
import { startEvaluating } from './evaluate';
import { startLearningNew, startLearningOld } from './learnExemplars';
import { startSelecting } from './select';
import type { StageStart } from './stage';
import { startFineTuning, startTraining } from './trainModel';

/** Every stage, one line each. */
export const STAGE_STARTS: Readonly<Record<Stage, StageStart>> = {
  train: startTraining,
  distil: startTraining,
  select: startSelecting,
  'mnemonics-new': startLearningNew,
  'mnemonics-old': startLearningOld,
  'fine-tune': startFineTuning,
  evaluate: startEvaluating,
};
