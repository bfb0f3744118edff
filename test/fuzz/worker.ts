import { readFileSync } from 'node:fs';
import { fuzzTarget, replay } from './fuzzTarget';
import type { FuzzTarget, TargetResult } from './target';

/** What a supervisor asks of this process, as JSON in its only argument. */
export interface WorkerTask {
  readonly targets: readonly { readonly name: string; readonly runs: number | null }[];
  readonly seed: number;
  readonly path?: string | undefined;
  /** One input, in place of many. */
  readonly input?: string | undefined;
  readonly base: string;
  /** Inputs of a target where it doesn't say, as a part of its own number. */
  readonly part: number;
  /** The module that has the targets; the product's own where it is absent. */
  readonly registry?: string;
}

/** What such a module has. */
export interface Registry {
  readonly TARGETS: Readonly<Record<string, () => Promise<{ readonly target: FuzzTarget }>>>;
}

/** What it tells: that it is at work on a target, and how each went. */
export type WorkerMessage = { readonly kind: 'at'; readonly name: string } | { readonly kind: 'result'; readonly result: TargetResult };

/** A supervisor that hears nothing for seconds knows that one input hangs. */
const BEAT_MS = 200;

async function work({ targets, seed, path, input, base, part, registry = './registry' }: WorkerTask): Promise<void> {
  const { TARGETS } = (await import(registry)) as Registry;
  for (const { name, runs } of targets) {
    let lastBeat = 0;
    const onInput = async () => {
      if (Date.now() - lastBeat < BEAT_MS) return;
      lastBeat = Date.now();
      await tell({ kind: 'at', name });
    };
    await onInput();
    const { target } = await TARGETS[name]!();
    const result =
      input === undefined
        ? await fuzzTarget(name, target, { seed, runs: runs ?? Math.ceil(target.runs * part), path, base }, onInput)
        : await replay(name, target, readFileSync(input), base);
    await tell({ kind: 'result', result });
  }
}

const tell = (message: WorkerMessage): Promise<void> =>
  new Promise((resolve, reject) => process.send?.(message, (error: Error | null) => (error ? reject(error) : resolve())));

void work(JSON.parse(process.argv[2] ?? '') as WorkerTask).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
