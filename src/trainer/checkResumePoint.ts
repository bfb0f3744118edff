import { join } from 'node:path';
import type { NamedTensors } from '../ops/namedTensors';
import { runError } from '../protocol/errors';
import type { Plan } from '../protocol/events';
import { RUN_FILES } from '../protocol/runLayout';
import type { RunFolder } from '../store/runFolder';
import { imageSize } from './exemplarMemory';
import type { ResumePoint } from './resumePoint';
import type { TrainingState } from './trainingState';

const ANEW = "restore it from a copy, or delete the folder's state*.safetensors to begin anew in it";

/**
 * A sound file can be another run's, or of a network that this run doesn't train; and the log may have lost what came before it.
 * @param begun the state with which the run began
 * @throws LabError `run-folder` where the run can't go on from here
 */
export function assertResumePointFits({ path, state, details }: ResumePoint, folder: RunFolder, begun: TrainingState, plan: Plan): void {
  const { id, created } = folder.run;
  if (details.run && (details.run.id !== id || details.run.created !== created))
    throw runError(`${path} is a resume point of another run (${details.run.id}, begun ${details.run.created}); ${ANEW}.`);
  const { phase, stage, step } = state.cursor;
  // Those of earlier versions don't say how many events there were; one at least, unless the run had just begun.
  const events = details.events ?? Math.min(1, phase + stage + step);
  if (folder.events < events)
    throw runError(
      `${join(folder.dir, RUN_FILES.events)} has ${folder.events} events, but had ${events} when the resume point was made, so its last lines are missing; ${ANEW}.`,
    );
  if (!isInPlan(state, plan) || !hasSameNetwork(state, begun) || !hasSameImages(state))
    throw runError(`${path} is a resume point of another experiment: it does not fit this one's network and plan; ${ANEW}.`);
}

function isInPlan({ cursor: { phase, stage, step } }: TrainingState, { phases }: Plan): boolean {
  const planned = phases[phase];
  return planned ? stage <= planned.stages.length : phase === phases.length && stage === 0 && step === 0;
}

/** All but the kernels, which weight transfer freezes, and the number of classes, which grows. */
function hasSameNetwork({ model }: TrainingState, begun: TrainingState): boolean {
  const shapes = ({ params }: { readonly params: NamedTensors }): string =>
    JSON.stringify(
      Object.entries(params)
        .filter(([name, { shape }]) => name.startsWith('fc.') || shape.length === 1)
        .filter(([name]) => !name.includes('transfer'))
        .map(([name, { shape }]) => [name, name.startsWith('fc.') ? shape.slice(1) : shape])
        .sort(),
    );
  return shapes(model) === shapes(begun.model);
}

const hasSameImages = ({ memory: { before, after, stored, count, image } }: TrainingState): boolean =>
  [before, after, stored ?? after].every(({ length }) => length === count * imageSize(image));
