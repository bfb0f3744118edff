import { join } from 'node:path';
import { layersOf } from '../learning/layers';
import { featureCount, type NetworkShape } from '../learning/network';
import { runError } from '../protocol/errors';
import type { Plan } from '../protocol/events';
import { RUN_FILES } from '../protocol/runLayout';
import type { RunFolder } from '../store/runFolder';
import { imageSize } from './exemplarMemory';
import { BEGIN_ANEW, previousResumePoint, type ResumePoint } from './resumePoint';
import type { TrainingState } from './trainingState';

/**
 * A sound file can be another run's, or of a network that this run doesn't train; and the log may have lost what came before it.
 * @throws LabError `run-folder` where the run can't go on from here
 */
export async function assertResumePointFits(point: ResumePoint, folder: RunFolder, shape: NetworkShape, plan: Plan): Promise<void> {
  const { path, state, details } = point;
  const { id, created } = folder.run;
  if (details.run && (details.run.id !== id || details.run.created !== created))
    throw runError(
      `${path} is a resume point of another run (${details.run.id}, begun ${details.run.created}); restore it from a copy, or ${BEGIN_ANEW}.`,
    );
  const events = eventsBefore(point);
  if (folder.events < events) {
    const before = point.isNewest ? await previousResumePoint(folder.dir, state.memory.image) : null;
    const remedy =
      before && folder.events >= eventsBefore(before) ? `delete ${RUN_FILES.state} to go on from the resume point before it` : BEGIN_ANEW;
    throw runError(
      `${join(folder.dir, RUN_FILES.events)} has ${folder.events} events, but had ${events} when the resume point was made, so its last lines are missing; restore it from a copy, or ${remedy}.`,
    );
  }
  if (!isInPlan(state, plan) || !isOfNetwork(state, shape) || !hasSameImages(state))
    throw runError(
      `${path} is a resume point of another experiment: it does not fit this one's network and plan; restore it from a copy, or ${BEGIN_ANEW}.`,
    );
}

/** Those of earlier versions don't say how many events there were; one at least, unless the run had just begun. */
const eventsBefore = ({ details: { events, cursor } }: ResumePoint): number =>
  events ?? Math.min(1, cursor.phase + cursor.stage + cursor.step);

function isInPlan({ cursor: { phase, stage, step } }: TrainingState, { phases }: Plan): boolean {
  const planned = phases[phase];
  return planned ? stage <= planned.stages.length : phase === phases.length && stage === 0 && step === 0;
}

/** By what neither weight transfer changes, which freezes kernels, nor the number of classes, which grows. */
function isOfNetwork({ model: { params } }: TrainingState, shape: NetworkShape): boolean {
  const norms = Object.keys(params).filter((name) => params[name]?.shape.length === 1 && !/^fc\.|\.transfer_shift$/.test(name));
  return (
    layersOf(shape).every(({ norm, outputs }) => ['weight', 'bias'].every((part) => params[`${norm}.${part}`]?.size === outputs)) &&
    norms.length === 2 * layersOf(shape).length &&
    params['fc.weight']?.shape[1] === featureCount(shape) &&
    'fc.sigma' in params === (shape.head === 'cosine')
  );
}

const hasSameImages = ({ memory: { before, after, stored, count, image } }: TrainingState): boolean =>
  [before, after, stored ?? after].every(({ length }) => length === count * imageSize(image));
