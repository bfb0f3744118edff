import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runError, toErrorInfo } from '../protocol/errors';
import { resumeDetailsSchema, type ResumeDetails } from '../protocol/resumeDetails';
import { RUN_FILES } from '../protocol/runLayout';
import { newerVersion, SCHEMA_VERSION } from '../protocol/schemaVersion';
import { assertChecksum } from '../store/checksum';
import { float32, int32, type TensorData } from '../store/dtypes';
import { arrayOf, readSafetensors } from '../store/readSafetensors';
import type { RunFolder } from '../store/runFolder';
import { ExemplarMemory, imageSize, type ImageShape } from './exemplarMemory';
import { addToFile, plainFromFile, toTensors } from './tensorData';
import { TrainingState, type Cursor, type LearnedExemplars } from './trainingState';

/** Replaces the run's resume point. Everything the next step depends on is in it. */
export async function saveResumePoint(folder: RunFolder, state: TrainingState, cursor: Cursor): Promise<void> {
  const file = new Map<string, TensorData>();
  await addToFile(file, 'model/', state.model.params);
  await addToFile(file, 'buffers/', state.model.buffers);
  if (state.oldModel) {
    await addToFile(file, 'oldModel/', state.oldModel.params);
    await addToFile(file, 'oldBuffers/', state.oldModel.buffers);
  }
  for (const [i, { params, buffers }] of state.snapshots.entries()) {
    await addToFile(file, `snapshots/${i}/model/`, params);
    await addToFile(file, `snapshots/${i}/buffers/`, buffers);
  }
  if (state.momentum) await addToFile(file, 'momentum/', state.momentum);
  const { before, after, stored, classes, count, image } = state.memory;
  const shapeOf = (images: number) => [images, image.height, image.width, image.channels];
  for (const [set, learned] of state.learning)
    for (const [name, values] of Object.entries(learned))
      file.set(`learning/${set}/${name}`, float32(shapeOf(values.length / imageSize(image)), values));
  const shape = shapeOf(count);
  file.set('memory/before', float32(shape, before));
  file.set('memory/after', float32(shape, after));
  if (stored) file.set('memory/stored', float32(shape, stored));
  file.set('memory/classes', int32([count], classes));
  const { id, created } = folder.run;
  const details: ResumeDetails = {
    schemaVersion: SCHEMA_VERSION,
    run: { id, created },
    events: folder.events,
    cursor,
    evaluations: state.evaluations,
    exemplarLosses: state.exemplarLosses,
    stageSeconds: state.stageSeconds,
    phaseSeconds: state.phaseSeconds,
  };
  await folder.writeResumePoint(file, { details: JSON.stringify(resumeDetailsSchema.parse(details)) });
}

/** The last resort of who has no resume point that can be used. */
export const BEGIN_ANEW = "delete the folder's state*.safetensors to begin anew in it";

/** A resume point as it was read. */
export interface ResumePoint {
  readonly path: string;
  /** False where it is the one before the newest, which is missing or damaged. */
  readonly isNewest: boolean;
  readonly state: TrainingState;
  readonly details: ResumeDetails;
}

/**
 * Reads a run's newest resume point, or the one before where the newest is damaged or was just being replaced.
 * @param onNotice is told where a damaged one was passed over
 * @returns null where the run was interrupted before its first one
 * @throws LabError `run-folder` where there is none that can be used
 */
export async function loadResumePoint(runDir: string, image: ImageShape, onNotice?: (text: string) => void): Promise<ResumePoint | null> {
  const [newest, previous] = [join(runDir, RUN_FILES.state), join(runDir, RUN_FILES.previousState)];
  try {
    return (await readResumePoint(newest, image)) ?? (await readResumePoint(previous, image));
  } catch (error) {
    const point = await previousResumePoint(runDir, image);
    if (!point)
      throw runError(
        `The run can't go on from ${newest}, nor from a resume point before it; restore the file from a copy, or ${BEGIN_ANEW} (${toErrorInfo(error).message})`,
        { cause: error },
      );
    onNotice?.(`The run goes on from the resume point before the newest: ${toErrorInfo(error).message}`);
    return point;
  }
}

/** The resume point before the newest; null where there is none that can be used. */
export const previousResumePoint = (runDir: string, image: ImageShape): Promise<ResumePoint | null> =>
  readResumePoint(join(runDir, RUN_FILES.previousState), image).catch(() => null);

async function readResumePoint(path: string, image: ImageShape): Promise<ResumePoint | null> {
  if (!existsSync(path)) return null;
  await assertChecksum(path);
  const file = await readSafetensors(path);
  const details = parseDetails(path, file.metadata['details']);
  const { tensors } = file;
  const at = (prefix: string) => toTensors(plainFromFile(tensors, prefix));

  const memory = new ExemplarMemory(image);
  memory.before = arrayOf(tensors, 'memory/before', 'F32', path).data;
  memory.after = arrayOf(tensors, 'memory/after', 'F32', path).data;
  if (tensors.has('memory/stored')) memory.stored = arrayOf(tensors, 'memory/stored', 'F32', path).data;
  memory.classes = arrayOf(tensors, 'memory/classes', 'I32', path).data;
  const state = new TrainingState({ params: at('model/'), buffers: at('buffers/') }, memory);
  state.cursor = details.cursor;
  state.evaluations = details.evaluations;
  state.exemplarLosses = details.exemplarLosses;
  state.stageSeconds = details.stageSeconds;
  state.phaseSeconds = details.phaseSeconds;
  const [oldModel, momentum] = [at('oldModel/'), at('momentum/')];
  if (Object.keys(oldModel).length > 0) state.oldModel = { params: oldModel, buffers: at('oldBuffers/') };
  if (Object.keys(momentum).length > 0) state.momentum = momentum;
  const snapshots = partsOf(tensors, 'snapshots').sort((a, b) => Number(a) - Number(b));
  state.snapshots = snapshots.map((i) => ({ params: at(`snapshots/${i}/model/`), buffers: at(`snapshots/${i}/buffers/`) }));
  for (const set of partsOf(tensors, 'learning')) state.learning.set(set, learnedExemplars(path, tensors, set));
  return { path, isNewest: basename(path) === RUN_FILES.state, state, details };
}

/** What stands between the first and the second slash of a file's tensors in a group. */
const partsOf = (tensors: ReadonlyMap<string, TensorData>, group: string): string[] => [
  ...new Set([...tensors.keys()].filter((name) => name.startsWith(`${group}/`)).map((name) => name.split('/')[1] ?? '')),
];

function parseDetails(path: string, text: string | undefined): ResumeDetails {
  let details: unknown;
  try {
    details = JSON.parse(text ?? '');
    return resumeDetailsSchema.parse(details);
  } catch (cause) {
    const newer = newerVersion(details);
    if (newer) throw runError(`${path} ${newer}.`, { cause });
    throw runError(`${path} is no resume point of this version of Mnemonics Lab; start the run anew in another folder.`, { cause });
  }
}

function learnedExemplars(path: string, tensors: ReadonlyMap<string, TensorData>, set: string): LearnedExemplars {
  const of = (name: keyof LearnedExemplars) => arrayOf(tensors, `learning/${set}/${name}`, 'F32', path).data;
  return { exemplars: of('exemplars'), firstMoment: of('firstMoment'), secondMoment: of('secondMoment') };
}
