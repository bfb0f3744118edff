import type { RunState } from '../../src/protocol/runView';
import type { Stage } from '../../src/protocol/words';

/** What people call a stage, what it does in a sentence, and the paper's equations of it. */
export interface StageWords {
  readonly label: string;
  readonly equations: string | null;
  readonly meaning: string;
}

export const STAGE_WORDS: Readonly<Record<Stage, StageWords>> = {
  train: { label: 'Train', equations: '6', meaning: "trains the model on phase 0's classes" },
  distil: { label: 'Distil', equations: '5, 6', meaning: 'trains on the new classes and the exemplars while distilling the old model' },
  'mnemonics-new': { label: 'Mnemonics, new', equations: '8, 9', meaning: "learns the exemplars of this phase's classes" },
  'mnemonics-old': {
    label: 'Mnemonics, old',
    equations: '10a, 10b',
    meaning: 'adapts the exemplars of earlier classes, one half against the other',
  },
  'fine-tune': { label: 'Fine-tune', equations: null, meaning: 'trains the model on the balanced exemplars' },
  'fit-bias': { label: 'Correct bias', equations: null, meaning: "fits scale and shift of the new classes' logits on held-out images" },
  select: { label: 'Select', equations: null, meaning: 'chooses the exemplars to keep' },
  evaluate: { label: 'Evaluate', equations: null, meaning: 'tests on all classes seen, with both classifiers' },
};

/** `eq. 5, 6`; nothing for a stage without an equation. */
export const equationText = ({ equations }: StageWords): string | null => (equations === null ? null : `eq. ${equations}`);

export const RUN_STATE_WORDS: Readonly<Record<RunState, string>> = {
  running: 'Running',
  paused: 'Paused',
  stopped: 'Stopped',
  failed: 'Failed',
  completed: 'Completed',
};

export const CLASSIFIER_WORDS = { softmax: 'softmax', nearestMean: 'nearest mean' } as const;
