import type { Stage } from '../../protocol/words';
import { startEvaluating } from './evaluate';
import { startLearningNew } from './exemplars/learnNew';
import { startLearningOld } from './exemplars/learnOld';
import { startFittingBias } from './fitBias';
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
  'fit-bias': startFittingBias,
  evaluate: startEvaluating,
};
