import { configSchema } from '../../../src/protocol/config';
import type { EventBody, Plan } from '../../../src/protocol/events';
import { classIndexSchema, classLabelSchema, runIdSchema } from '../../../src/protocol/ids';
import type { BothClassifiers, ClassifierMetrics } from '../../../src/protocol/metrics';
import { runFileSchema, type RunFile } from '../../../src/protocol/runFile';
import type { EngineInfo } from '../../../src/protocol/engineInfo';

export const ENGINE: EngineInfo = { engine: 'cpu', reason: 'for tests', versions: { tfjs: '4.22.0' }, device: 'CPU', threads: 1 };

/** A `run.json` as a running process has it. */
export const sampleRunFile = (patch: Partial<RunFile> = {}): RunFile =>
  runFileSchema.parse({
    schemaVersion: 1,
    id: 'sample',
    config: configSchema.parse({ phases: 1 }),
    engine: ENGINE,
    data: { dataSet: 'mnist', sha256: 'a'.repeat(64), trainImages: 40, testImages: 20 },
    status: 'running',
    created: '2025-11-24T08:00:00.000Z',
    ended: null,
    error: null,
    summary: null,
    ...patch,
  });

const classes = (...indices: number[]) =>
  indices.map((i) => ({ index: classIndexSchema.parse(i), label: classLabelSchema.parse(9 - i), name: `digit ${9 - i}` }));

/** Two phases: two classes and two more. */
export const PLAN: Plan = {
  phases: [
    { phase: 0, classes: classes(0, 1), stages: [{ stage: 'train', steps: 4, images: 100 }] },
    { phase: 1, classes: classes(2, 3), stages: [{ stage: 'distil', steps: 4, images: 100 }] },
  ],
};

export const runStarted = (config = {}): EventBody => ({
  kind: 'run-started',
  runId: runIdSchema.parse('sample'),
  config: configSchema.parse({ phases: 1, ...config }),
  plan: PLAN,
  engine: ENGINE,
  headline: 'nearestMean',
  pid: 1,
});

export const metrics = (patch: Partial<ClassifierMetrics>): ClassifierMetrics => ({
  accuracy: 0.5,
  firstPhaseAccuracy: 0.5,
  groupAccuracies: [0.5],
  classAccuracies: [0.5, 0.5],
  averageAccuracy: 0.5,
  paperForgetting: 0,
  standardForgetting: 0,
  ...patch,
});

export const both = (softmax: Partial<ClassifierMetrics>, nearestMean: Partial<ClassifierMetrics>): BothClassifiers => ({
  softmax: metrics(softmax),
  nearestMean: metrics(nearestMean),
});

export const START = { phase: 0, stage: null, step: 0 } as const;
export const progress = (loss: number): EventBody => ({
  kind: 'progress',
  loss,
  imagesPerSecond: 100,
  secondsLeft: 10,
  fractionDone: 0.25,
});
