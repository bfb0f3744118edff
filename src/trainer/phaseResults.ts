import { classifierMetrics } from '../learning/metrics';
import { evaluationFileSchema } from '../protocol/evaluationFile';
import type { Config } from '../protocol/config';
import type { EventBody, Plan } from '../protocol/events';
import type { BothClassifiers } from '../protocol/metrics';
import { phaseFile } from '../protocol/runLayout';
import { SCHEMA_VERSION } from '../protocol/schemaVersion';
import type { DataSet } from '../data/dataSet';
import { NO_CHECKSUM } from '../protocol/checksumField';
import { float32, int32 } from '../store/dtypes';
import type { RunFolder } from '../store/runFolder';
import { checkpointTensors } from './checkpoint';
import type { Evaluation } from './evaluation';
import { changesInPhase, learningEffect, meanChange, sizesUpTo, stillExemplars } from './learningEffect';
import type { TrainingState } from './trainingState';

interface PhaseEnd {
  readonly config: Config;
  readonly folder: RunFolder;
  readonly plan: Plan;
  readonly phase: number;
  readonly state: TrainingState;
  readonly data: DataSet;
  readonly evaluation: Evaluation;
}

/** Writes a phase's three files and gives the facts to log about them. Adds the phase's metrics to the state. */
export async function storePhase({ config, folder, plan, phase, state, data, evaluation }: PhaseEnd): Promise<EventBody[]> {
  const sizes = sizesUpTo(plan, phase);
  const { softmax, nearestMean, earlier } = evaluation;
  const metrics: BothClassifiers = {
    softmax: classifierMetrics(
      softmax,
      sizes,
      state.evaluations.map((e) => e.softmax),
    ),
    nearestMean: classifierMetrics(
      nearestMean,
      sizes,
      state.evaluations.map((e) => e.nearestMean),
    ),
  };
  state.evaluations = [...state.evaluations, metrics];

  await folder.writeTensors(phaseFile(phase, 'model'), await checkpointTensors(state.model), {
    schemaVersion: String(SCHEMA_VERSION),
    phase: String(phase),
  });
  const changes = state.memory.changes();
  const learned = earlier && { earlier, moved: changesInPhase(plan, phase, state.memory, changes) };
  const learning = learned && learningEffect(plan, phase, state, { nearestMean, ...learned });
  await storeExemplars(folder, plan, phase, state, data);
  await folder.writeJson(phaseFile(phase, 'evaluation'), evaluationFileSchema, {
    schemaVersion: SCHEMA_VERSION,
    phase,
    classes: plan.phases.slice(0, phase + 1).flatMap(({ classes }) => classes),
    testImages: softmax.flat().reduce((a, b) => a + b, 0),
    metrics,
    learning,
    confusion: { softmax, nearestMean },
    sha256: NO_CHECKSUM,
  });
  return [
    {
      kind: 'exemplars-stored',
      file: phaseFile(phase, 'exemplars'),
      changes,
      meanChange: meanChange(changes),
    },
    ...(learning ? [{ kind: 'exemplars-learned' as const, ...learning }] : []),
    { kind: 'evaluated', file: phaseFile(phase, 'evaluation'), metrics },
    ...(learned ? stillExemplars(config, plan, phase, learned.moved) : []).map((message) => ({ kind: 'warning' as const, message })),
  ];
}

async function storeExemplars(folder: RunFolder, plan: Plan, phase: number, state: TrainingState, data: DataSet): Promise<void> {
  const { before, after, classes, count } = state.memory;
  const shape = [count, data.height, data.width, data.channels];
  const known = plan.phases.flatMap((p) => p.classes);
  const labels = classes.map((index) => known[index]?.label ?? -1);
  const tensors = new Map([
    ['before', float32(shape, before)],
    ['after', float32(shape, after)],
    ['labels', int32([count], labels)],
    ['classes', int32([count], classes)],
  ]);
  await folder.writeTensors(phaseFile(phase, 'exemplars'), tensors, {
    schemaVersion: String(SCHEMA_VERSION),
    phase: String(phase),
    mean: JSON.stringify(data.mean),
    std: JSON.stringify(data.std),
    classNames: JSON.stringify(known.map(({ name }) => name)),
  });
}
