import tiny from './tiny.json';

/** Every stage of the method, on real digits, in seconds. `npm run test:nodes` trains it, too. */
export const TINY = tiny;

/** As little training as there can be, without learned exemplars; its engine is for who uses it to say. */
export const SMALLEST = {
  trainPerClass: 2,
  testPerClass: 1,
  phases: 1,
  exemplarMethod: 'random',
  exemplarsPerClass: 2,
  epochs: 1,
  fineTuneEpochs: 1,
  batchSize: 16,
  augmentation: 'none',
} as const;

/** The same as the tiny run on a folder of images that a test paints; it adds the engine and the images' size. */
export const TINY_ON_IMAGES = {
  dataSet: 'image-folder',
  phases: 1,
  exemplarsPerClass: 2,
  batchSize: 8,
  epochs: 2,
  innerSteps: 1,
  mnemonicsEpochs: 1,
  mnemonicsOldEpochs: 1,
  mnemonicsBatchSize: 6,
  fineTuneEpochs: 1,
} as const;
