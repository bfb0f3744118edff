/** File names inside a run folder, so that no other place spells them. */
export const RUN_FILES = {
  run: 'run.json',
  events: 'events.jsonl',
  state: 'state.safetensors',
  previousState: 'state.previous.safetensors',
  lock: 'lock.json',
} as const;
/** Folder of what other processes ask of the run, there while they do. */
export const CONTROL_FOLDER = 'control';
/** Paths of a request and of its answer, relative to the run folder. @param id a UUID */
export const controlFiles = (id: string) =>
  ({ request: `${CONTROL_FOLDER}/request-${id}.json`, answer: `${CONTROL_FOLDER}/answer-${id}.json` }) as const;
/** Matches the name of a request's file; its group is the id. */
export const CONTROL_REQUEST = /^request-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.json$/;
/** Folder of a phase, such as `phase-03`. */
export const phaseFolder = (phase: number) => `phase-${String(phase).padStart(2, '0')}`;
export const PHASE_FILES = { model: 'model.safetensors', exemplars: 'exemplars.safetensors', evaluation: 'evaluation.json' } as const;
/** Path of a phase's file relative to the run folder, with forward slashes. */
export const phaseFile = (phase: number, file: keyof typeof PHASE_FILES) => `${phaseFolder(phase)}/${PHASE_FILES[file]}`;
/** Glob of experiment files. */
export const EXPERIMENT_SUFFIX = '.mnemonics.json';
