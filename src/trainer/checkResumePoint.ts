import { join } from 'node:path';
import type { NamedTensors } from '../ops/namedTensors';
import { runError } from '../protocol/errors';
import type { Plan } from '../protocol/events';
import { RUN_FILES } from '../protocol/runLayout';
import type { RunFolder } from '../store/runFolder';
import { imageSize } from './exemplarMemory';
import { previousResumePoint, type ResumePoint } from './resumePoint';
import type { TrainingState } from './trainingState';

const ANEW = "delete the folder's state*.safetensors to begin anew in it";

/**
 * A sound file can be another run's, or of a network that this run doesn't train; and the log may have lost what came before it.
 * @param begun the state with which the run began
 * @throws LabError `run-folder` where the run can't go on from here
 */
export async function assertResumePointFits(point: ResumePoint, folder: RunFolder, begun: TrainingState, plan: Plan): Promise<void> {
  const { path, state, details } = point;
  const { id, created } = folder.run;
  if (details.run && (details.run.id !== id || details.run.created !== created))
    throw runError(
      `${path} is a resume point of another run (${details.run.id}, begun ${details.run.created}); restore it from a copy, or ${ANEW}.`,
    );
  const events = eventsBefore(point);
  if (folder.events < events) {
    const before = point.isNewest ? await previousResumePoint(folder.dir, begun.memory.image) : null;
    const remedy =
      before && folder.events >= eventsBefore(before) ? `delete ${RUN_FILES.state} to go on from the resume point before it` : ANEW;
    throw runError(
      `${join(folder.dir, RUN_FILES.events)} has ${folder.events} events, but had ${events} when the resume point was made, so its last lines are missing; restore it from a copy, or ${remedy}.`,
    );
  }
  if (!isInPlan(state, plan) || !hasSameNetwork(state, begun) || !hasSameImages(state))
    throw runError(
      `${path} is a resume point of another experiment: it does not fit this one's network and plan; restore it from a copy, or ${ANEW}.`,
    );
}

/** Those of earlier versions don't say how many events there were; one at least, unless the run had just begun. */
const eventsBefore = ({ details: { events, cursor } }: ResumePoint): number =>
  events ?? Math.min(1, cursor.phase + cursor.stage + cursor.step);

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
