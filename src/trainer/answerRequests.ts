import type { ControlRequest } from '../protocol/control';
import { configError, toErrorInfo } from '../protocol/errors';
import type { RunPlace } from '../protocol/events';
import { SCHEMA_VERSION } from '../protocol/schemaVersion';
import {
  claimRequest,
  readRequest,
  removeControlFolder,
  removeEmptyControlFolder,
  requestIds,
  writeAnswer,
} from '../store/controlRequests';
import type { RunControl, Wish } from './runControl';

/** How often a run looks for requests: 0.01 % of the time at most, and soon enough for a person. The event loop turns at each step. */
const LOOK_MS = 100;

/**
 * Connects a run with those who ask it for something through its folder (`control`). What lies there from before is removed. Requests come in
 * while the run is paused, too; each is answered once, after what it asks for holds.
 * @param place where the run is: of its last event
 * @returns ends it, once every answer is written
 */
export function answerRequests(runDir: string, control: RunControl, place: () => RunPlace): () => Promise<void> {
  removeControlFolder(runDir);
  const answers = new Map<string, Promise<void>>();
  const answer = async (id: string): Promise<void> => {
    const request = readRequest(runDir, id);
    let withdrawn = false;
    const isWanted = () => !(withdrawn = !claimRequest(runDir, id));
    const error = await (request ? control.wish(wishOf(request), isWanted) : Promise.reject(notUnderstood())).then(() => null, toErrorInfo);
    if (withdrawn) return;
    const { phase, stage, step } = place();
    // Nobody may hear it: who asked has gone, or the folder has. The run goes on.
    await writeAnswer(runDir, id, { schemaVersion: SCHEMA_VERSION, error, phase, stage, step }).catch(() => undefined);
    claimRequest(runDir, id);
  };
  const look = () => {
    for (const id of requestIds(runDir)) if (!answers.has(id)) answers.set(id, answer(id));
  };
  const timer = setInterval(look, LOOK_MS);
  return async () => {
    clearInterval(timer);
    // The run takes nothing any more: who asked just now is told so.
    look();
    await Promise.all(answers.values());
    removeEmptyControlFolder(runDir);
  };
}

const notUnderstood = () =>
  configError('That is not something that a run can be asked for; ask with the version of Mnemonics Lab that runs it.');

const wishOf = (request: ControlRequest): Wish => (request.intent === 'set' ? request.changes : request.intent);
