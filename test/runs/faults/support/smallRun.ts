import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'mocha';
import type { RunEvent } from '../../../../src/protocol/events';
import { parseConfig } from '../../../../src/protocol/parseConfig';
import { RunControl } from '../../../../src/trainer/runControl';
import { resumeExperiment, runExperiment } from '../../../../src/trainer/runExperiment';
import type { RunResult } from '../../../../src/trainer/runLoop';
import { TINY } from '../../support/tiny';

/** The smallest run that has two phases: what a fault does to the folder doesn't depend on how exemplars are chosen. */
export const SMALL = {
  ...TINY,
  name: 'small',
  exemplarMethod: 'random',
  trainPerClass: 4,
  testPerClass: 1,
  batchSize: 10,
  alpha1Milestones: [],
} as const;

/** The same with a first stage that lasts long enough for another process to meet it there. */
export const LONG = { ...SMALL, epochs: 8 } as const;

const scratch = mkdtempSync(join(tmpdir(), 'mnemonics-faults-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
let folders = 0;

/** A path where a test may make a folder; it is removed after all tests. */
export const newPath = (): string => join(scratch, String(folders++));

const nothing = (): void => undefined;

/** Starts the small run here, or a variant of it. @throws what the run throws */
export const start = (runDir: string, onEvent: (event: RunEvent) => void = nothing, config: object = SMALL): Promise<RunResult> =>
  runExperiment({ config: parseConfig(config), configDir: scratch, runDir, control: new RunControl(), onEvent });

/** Goes on with a run here. @param onNotice what people are told beside the events */
export const resume = (
  runDir: string,
  onEvent: (event: RunEvent) => void = nothing,
  onNotice: (text: string) => void = nothing,
): Promise<RunResult> => resumeExperiment({ runDir, control: new RunControl(), onEvent, onNotice });

const whole = new Map<object, Promise<string>>();

/** The folder of the run that nothing happened to. Made once; for reading alone. */
export function wholeRun(config: typeof SMALL | typeof LONG = SMALL): Promise<string> {
  const made = whole.get(config) ?? start(newPath(), nothing, config).then(({ runDir }) => runDir);
  whole.set(config, made);
  return made;
}

/** Makes the run, as another one, as it is when it was stopped in its second phase. */
export async function stoppedRun(): Promise<string> {
  const runDir = newPath();
  const control = new RunControl();
  const onEvent = (event: RunEvent): void =>
    void (event.kind === 'stage-started' && event.stage === 'distil' && control.stop().catch(() => undefined));
  await runExperiment({ config: parseConfig(SMALL), configDir: scratch, runDir, control, onEvent });
  return runDir;
}

let stopped: Promise<string> | undefined;

/** A folder of one's own with the run as it is when it was stopped in its second phase; always of the same run. */
export async function interruptedRun(): Promise<string> {
  stopped ??= stoppedRun();
  const runDir = newPath();
  cpSync(await stopped, runDir, { recursive: true });
  return runDir;
}

/** A path of an experiment file with the small run, for the command line. */
export function experimentFile(config: object = SMALL): string {
  const path = `${newPath()}.mnemonics.json`;
  writeFileSync(path, JSON.stringify(config));
  return path;
}
