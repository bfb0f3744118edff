import { HOSTS_BY_NAME } from '../hosts/hosts';
import type { Config } from '../protocol/config';
import type { ClassInfo, Plan } from '../protocol/events';
import type { ClassIndex } from '../protocol/ids';
import type { Stage } from '../protocol/words';
import { blockCount } from './classBlocks';
import { batchesPerEpoch, filledBatchesPerEpoch } from './epochs';
import { classOrder } from './classOrder';
import { assertHeldOutFits, heldOutOfEachClass } from './heldOut';
import { assertMemoryFits, exemplarsOfEachClass } from './memoryBudget';
import { phaseSizes } from './phaseSizes';

/** What a plan needs to know of a data set. */
export interface PlannedData {
  readonly classNames: readonly string[];
  /** Training and test images of each label. */
  readonly trainCounts: readonly number[];
  readonly testCounts: readonly number[];
}

/** The whole course of a run: class order, phases, and each phase's stages with their steps and work. */
export function planRun(config: Config, data: PlannedData): Plan {
  const order = classOrder(data.classNames.length, config.classOrderSeed);
  const classes = order.map((label, index): ClassInfo => ({
    index: index as ClassIndex,
    label,
    name: data.classNames[label] ?? String(label),
  }));
  const sizes = phaseSizes(config, classes.length);
  const learned = classes.slice(
    0,
    sizes.reduce((a, b) => a + b, 0),
  );
  assertMemoryFits(config, learned, data.trainCounts);
  const sum = (counts: readonly number[], of: readonly ClassInfo[]) => of.reduce((total, { label }) => total + (counts[label] ?? 0), 0);
  let old = 0;
  let oldPerClass = 0;
  const phases = sizes.map((size, phase) => {
    const seen = learned.slice(0, old + size);
    const brought = seen.slice(old);
    const perClass = exemplarsOfEachClass(config, seen, data.trainCounts);
    const heldOut = heldOutOfEachClass(config, phase, perClass);
    assertHeldOutFits(heldOut, perClass, brought, data.trainCounts);
    const stages = stagesOf(config, phase, {
      newImages: sum(data.trainCounts, brought) - size * heldOut,
      oldClasses: old,
      newClasses: size,
      oldPerClass,
      perClass,
      heldOut,
      testImages: sum(data.testCounts, seen),
    });
    old += size;
    oldPerClass = perClass;
    return { phase, classes: brought, exemplarsPerClass: perClass, stages };
  });
  return { phases };
}

interface Counts {
  /** But those held out. */
  newImages: number;
  oldClasses: number;
  newClasses: number;
  /** Exemplars of each class while the model trains, and from then on. */
  oldPerClass: number;
  perClass: number;
  /** Of each class seen, to fit the host's bias correction on. */
  heldOut: number;
  testImages: number;
}

/**
 * Stages of a phase in their order. `images` is their work in images forward and backward: a forward pass alone counts a
 * third, an adjoint step two and a half (a gradient of a gradient).
 */
function stagesOf(config: Config, phase: number, counts: Counts): Plan['phases'][number]['stages'] {
  const { innerSteps: K } = config;
  const { perClass } = counts;
  const FORWARD = 1 / 3;
  const ADJOINT = 2.5;
  const oldImages = counts.oldClasses * perClass;
  const trained = counts.newImages + counts.oldClasses * (counts.oldPerClass - counts.heldOut);
  const learned = config.exemplarMethod === 'mnemonics';
  const unrolled = (exemplars: number) => K * exemplars * (1 + ADJOINT);

  const stages: { stage: Stage; steps: number; images: number }[] = [
    {
      stage: phase === 0 ? 'train' : 'distil',
      steps: config.epochs * batchesPerEpoch(trained, config.batchSize),
      images: config.epochs * trained * (phase === 0 ? 1 : 1 + FORWARD),
    },
    { stage: 'select', steps: counts.newClasses, images: needsFeatures(config) ? counts.newImages * FORWARD : 0 },
  ];
  if (learned) {
    const steps = config.mnemonicsEpochs * filledBatchesPerEpoch(counts.newImages, config.mnemonicsBatchSize);
    const block = counts.newClasses / blockCount(counts.newClasses, config.mnemonicsClassesPerStep);
    stages.push({ stage: 'mnemonics-new', steps, images: steps * (unrolled(block * perClass) + config.mnemonicsBatchSize) });
    if (phase > 0) {
      stages.push({
        stage: 'mnemonics-old',
        steps: config.mnemonicsOldEpochs * blockCount(counts.oldClasses, config.mnemonicsClassesPerStep),
        images: config.mnemonicsOldEpochs * (unrolled(oldImages) + oldImages),
      });
    }
  }
  if (phase > 0) {
    const seen = counts.oldClasses + counts.newClasses;
    const balanced = seen * (perClass - counts.heldOut);
    stages.push({
      stage: 'fine-tune',
      steps: config.fineTuneEpochs * batchesPerEpoch(balanced, config.batchSize),
      images: config.fineTuneEpochs * balanced,
    });
    const correction = HOSTS_BY_NAME[config.host].biasCorrection?.(config);
    if (correction) stages.push({ stage: 'fit-bias', steps: correction.steps, images: seen * counts.heldOut * FORWARD });
  }
  stages.push({ stage: 'evaluate', steps: Math.ceil(counts.testImages / EVALUATION_BATCH), images: counts.testImages * FORWARD });
  return stages;
}

/** Images in one forward pass of evaluation: the last batch is filled up, which changes no result. */
export const EVALUATION_BATCH = 100;

/** Herding looks at features; a random choice doesn't. */
export const needsFeatures = (config: Config): boolean =>
  config.exemplarMethod === 'herding' || (config.exemplarMethod === 'mnemonics' && config.exemplarInit === 'herding');
