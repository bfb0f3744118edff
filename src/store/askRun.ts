import { randomUUID } from 'node:crypto';
import { rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { controlAnswerSchema, controlRequestSchema, type ControlAnswer, type ControlRequest } from '../protocol/control';
import { runError } from '../protocol/errors';
import { controlFiles } from '../protocol/runLayout';
import { writeFileAtomic } from './atomicFile';
import { readProblem, systemCode } from './fileProblem';
import { parseFileText } from './parseFile';
import { readRunFile } from './readRun';
import { readText, SMALL_FILE } from './readText';
import { isRunAlive } from './runLock';

/** How often the one who asks looks for the answer. */
const LOOK_MS = 50;
/** How long a request that is being carried out may take beyond the patience: a resume point is written meanwhile. */
const CARRYING_OUT_MS = 10_000;

/**
 * Asks a running run for something through its folder, and waits for the answer.
 * @param patience seconds after which the request is withdrawn
 * @returns the answer, a refusal too
 * @throws LabError `run-folder` where nobody runs the run, or it doesn't answer
 */
export async function askRun(runDir: string, request: ControlRequest, patience: number): Promise<ControlAnswer> {
  const { status } = await readRunFile(runDir);
  if (!(await isRunAlive(runDir)))
    throw runError(
      `The run in ${runDir} is not going on (${status === 'running' ? 'interrupted' : status}), so it can't be asked for anything${status === 'completed' ? '' : '; resume it first'}.`,
    );
  const files = controlFiles(randomUUID());
  const [requestPath, answerPath] = [join(runDir, files.request), join(runDir, files.answer)];
  await writeFileAtomic(requestPath, `${JSON.stringify(controlRequestSchema.parse(request))}\n`, { within: runDir });
  const answered = async (seconds: number): Promise<ControlAnswer | null> => {
    for (const until = performance.now() + 1000 * seconds; performance.now() < until; await wait(LOOK_MS)) {
      const gone = !(await isRunAlive(runDir));
      // Looked for once more where the process has ended: it may have answered before.
      const answer = await takeAnswer(answerPath);
      if (answer) return answer;
      if (gone) {
        await rm(requestPath, { force: true });
        throw runError(`The run in ${runDir} ended before it answered; resume it, and ask again.`);
      }
    }
    return null;
  };
  const answer = await answered(patience);
  if (answer) return answer;
  const withdrawn = await unlink(requestPath).then(
    () => true,
    () => false,
  );
  if (withdrawn)
    throw runError(
      `The run in ${runDir} has not come to the end of a step within ${patience} s, so the request was withdrawn; ask again with a longer --wait, or end its process if it hangs.`,
    );
  const late = await answered(CARRYING_OUT_MS / 1000);
  if (late) return late;
  throw runError(
    `The run in ${runDir} has taken the request and does not answer; look at its last events to see whether it was carried out.`,
  );
}

/** Reads an answer and removes it; null where there is none yet. @throws LabError `run-folder` where it is none */
export async function takeAnswer(path: string): Promise<ControlAnswer | null> {
  const text = await readText(path, SMALL_FILE).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw readProblem(path, error);
  });
  if (text === null) return null;
  const answer = parseFileText(text, controlAnswerSchema, path);
  await rm(path, { force: true });
  return answer;
}
