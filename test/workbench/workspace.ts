import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type RunEvent } from '../../src/protocol/events';

/** As few images and steps as a run can have: it ends in seconds. */
const TINY = {
  dataSet: 'mnist',
  engine: 'wasm',
  trainPerClass: 12,
  testPerClass: 10,
  phases: 1,
  network: 'resnet8',
  lambda: 0.5,
  exemplarsPerClass: 2,
  epochs: 2,
  alpha1Milestones: [],
  batchSize: 30,
  mnemonicsEpochs: 1,
  mnemonicsOldEpochs: 1,
  innerSteps: 1,
  mnemonicsBatchSize: 30,
  fineTuneEpochs: 1,
  augmentation: 'none',
};

/** A folder of a user's, with experiment files and what runs leave in it. */
export class TestWorkspace {
  private constructor(readonly folder: string) {}

  static async create(): Promise<TestWorkspace> {
    return new TestWorkspace(await mkdtemp(path.join(os.tmpdir(), 'mnemonics-workspace-')));
  }

  /** Writes `<name>.mnemonics.json`: a tiny experiment with other values, and a comment that must survive. */
  readonly experiment = async (name: string, values: Record<string, unknown> = {}): Promise<string> => {
    const file = path.join(this.folder, `${name}.mnemonics.json`);
    const json = JSON.stringify({ name, ...TINY, ...values }, null, 2);
    await writeFile(file, json.replace('{\n', '{\n  // A comment of the researcher.\n'));
    return file;
  };

  /** An experiment that runs for minutes, so that something can be done to it meanwhile. */
  readonly longExperiment = (name: string): Promise<string> => this.experiment(name, { epochs: 400 });

  readonly write = (file: string, text: string): Promise<void> => writeFile(path.join(this.folder, file), text);

  text(file: string): Promise<string> {
    return readFile(path.resolve(this.folder, file), 'utf8');
  }

  /** Folders of the stored runs. */
  async runs(): Promise<string[]> {
    const runs = path.join(this.folder, 'runs');
    const names = await readdir(runs).catch(() => []);
    return names.sort().map((name) => path.join(runs, name));
  }

  /** The one run of this workspace. */
  async run(): Promise<string> {
    const [run, ...more] = await this.runs();
    if (run === undefined || more.length > 0) throw new Error(`There are ${more.length + (run ? 1 : 0)} runs instead of one.`);
    return run;
  }

  async events(): Promise<RunEvent[]> {
    const text = await readFile(path.join(await this.run(), 'events.jsonl'), 'utf8').catch(() => '');
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as RunEvent);
  }

  /** Number of the process that writes the one run; undefined where none does. */
  async trainerPid(): Promise<number | undefined> {
    return ownerOf(await this.run());
  }

  /** Numbers of all living processes that write runs here. */
  async trainerPids(): Promise<number[]> {
    const owners = await Promise.all((await this.runs()).map(ownerOf));
    return owners.filter((pid) => pid !== undefined).filter(isAlive);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function ownerOf(run: string): Promise<number | undefined> {
  const text = await readFile(path.join(run, 'lock.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as { pid: number }).pid;
}
