/** Every stage of the method, on real digits, in seconds. */
export const TINY = {
  engine: 'wasm',
  trainPerClass: 6,
  testPerClass: 2,
  phases: 1,
  exemplarsPerClass: 2,
  batchSize: 30,
  epochs: 1,
  innerSteps: 1,
  mnemonicsEpochs: 1,
  mnemonicsOldEpochs: 2,
  mnemonicsBatchSize: 30,
  fineTuneEpochs: 1,
} as const;
