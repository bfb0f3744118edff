import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { ControlAnswer, ControlRequest } from '../../protocol/control';
import { configError, LabError } from '../../protocol/errors';
import { parseLiveChange } from '../../protocol/liveChange';
import { SCHEMA_VERSION } from '../../protocol/schemaVersion';
import { askRun } from '../../store/askRun';
import { removeEmptyControlFolder } from '../../store/controlRequests';
import { applySettings } from '../../store/experimentFile';
import { isRunAlive } from '../../store/runLock';
import { shownPath } from '../terminal/shownPath';
import { defineCommand } from './command';

/** Seconds after which a request is withdrawn. A step may take tens of them. */
const PATIENCE = 60;
/** A run that stops writes its end and frees its folder within this. */
const ENDING_MS = 10_000;

export const controlCommand = defineCommand({
  name: 'control',
  summary: 'Changes, pauses, resumes or stops a run that is going on, from another process.',
  positionals: 'DIR',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    set: {
      type: 'string',
      multiple: true,
      value: 'FIELD=VALUE',
      help: 'changes a hyperparameter at the next step, such as lambda=0.7; several at once',
    },
    pause: { type: 'boolean', help: 'waits after the step that is being made' },
    resume: { type: 'boolean', help: 'goes on after a pause' },
    stop: { type: 'boolean', help: 'ends the process with a resume point; waits until the folder is free' },
    wait: { type: 'string', value: 'SECONDS', help: `how long to wait for the end of the step, ${PATIENCE} unless given` },
    json: { type: 'boolean', help: 'prints the answer as one JSON line instead of a sentence' },
  },
  async execute({ set, pause, resume: goOn, stop, wait: patience = String(PATIENCE), json = false }, [dir = ''], io) {
    const runDir = resolve(io.cwd, dir);
    const request = requestOf({ set, pause, resume: goOn, stop });
    const seconds = Number(patience);
    if (!(seconds > 0 && seconds <= 86_400))
      throw configError(`--wait "${patience}" is not a number of seconds from 0 to 86400; correct it.`);
    const answer = await askRun(runDir, request, seconds);
    if (answer.error) throw new LabError(answer.error.code, answer.error.exitCode, answer.error.message);
    if (request.intent === 'stop') {
      await untilFree(runDir);
      removeEmptyControlFolder(runDir);
    }
    const { schemaVersion: _, ...asked } = request;
    const { phase, stage, step } = answer;
    // A run that stops may have made steps since its last event, which says where it is.
    const place = request.intent === 'stop' ? {} : { phase, stage, step };
    io.stdout.write(
      json ? `${JSON.stringify({ runDir, ...asked, ...place })}\n` : `${sentence(request, answer, shownPath(runDir, io.cwd))}\n`,
    );
    return 0;
  },
});

interface Wanted {
  readonly set: string[] | undefined;
  readonly pause: boolean | undefined;
  readonly resume: boolean | undefined;
  readonly stop: boolean | undefined;
}

/** @throws LabError `config-invalid` where not exactly one thing is asked for, or a change is wrong by itself */
function requestOf({ set, ...others }: Wanted): ControlRequest {
  const schemaVersion = SCHEMA_VERSION;
  const intents = (['pause', 'resume', 'stop'] as const).filter((intent) => others[intent]);
  const [intent] = intents;
  if (intents.length + (set ? 1 : 0) !== 1)
    throw configError('"control" does one thing at a time: --set FIELD=VALUE (several are one thing), --pause, --resume or --stop.');
  if (intent) return { schemaVersion, intent };
  const values = applySettings({}, set ?? []) as object;
  return { schemaVersion, intent: 'set', changes: Object.entries(values).map(([field, value]) => parseLiveChange(field, value)) };
}

function sentence(request: ControlRequest, { phase, stage, step }: ControlAnswer, dir: string): string {
  const place = `step ${step} of ${stage ?? 'its end'} in phase ${phase}`;
  switch (request.intent) {
    case 'set':
      return `${request.changes.map(({ field, value }) => `${field} is ${value}`).join(', ')}, from ${place} on.`;
    case 'pause':
      return `Paused at ${place}; go on with: control ${dir} --resume`;
    case 'resume':
      return `Going on at ${place}.`;
    case 'stop':
      return `Stopped; go on with: resume ${dir}`;
  }
}

async function untilFree(runDir: string): Promise<void> {
  for (const until = performance.now() + ENDING_MS; performance.now() < until; await wait(50)) if (!(await isRunAlive(runDir))) return;
}
