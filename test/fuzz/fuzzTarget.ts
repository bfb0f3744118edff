import { join } from 'node:path';
import fc from 'fast-check';
import { examine } from './examine';
import { Sandbox } from './sandbox';
import type { Finding, FuzzTarget, TargetResult } from './target';

export interface FuzzOptions {
  readonly seed: number;
  readonly runs: number;
  /** Of a failure that is to be seen again. */
  readonly path?: string | undefined;
  /** A folder for this target alone; what it has is removed. */
  readonly base: string;
}

/** Making a failing input smaller may not take longer than this. */
const SHRINK_MS = 20_000;

class Broken extends Error {
  constructor(readonly finding: Finding) {
    super(finding.message);
  }
}

/** Gives a target its good inputs, then so many mutated ones, until one breaks something. @param onInput is told of each */
export async function fuzzTarget(
  name: string,
  target: FuzzTarget,
  options: FuzzOptions,
  onInput: () => Promise<void>,
): Promise<TargetResult> {
  const began = process.cpuUsage();
  const result = (runs: number, failure: TargetResult['failure']): TargetResult => ({
    name,
    runs,
    seconds: secondsSince(began),
    failure,
  });
  const sandbox = new Sandbox(join(options.base, name), target);
  const seeds = await target.seeds();
  for (const seed of seeds) {
    await onInput();
    // Twice: the first time a reader may load code, and take memory for it, that has nothing to do with the input.
    const finding = (await examine(target, sandbox, seed, true)) && (await examine(target, sandbox, seed, true));
    if (finding) return result(0, { finding, path: null, inputBase64: base64(seed) });
  }
  let firstFailure = 0;
  const property = fc.asyncProperty(target.mutated(seeds), async (input) => {
    if (firstFailure > 0 && Date.now() - firstFailure > SHRINK_MS) return;
    await onInput();
    const finding = await examine(target, sandbox, input);
    if (!finding) return;
    firstFailure ||= Date.now();
    throw new Broken(finding);
  });
  const { seed, runs, path } = options;
  const details = await fc.check(property, { seed, numRuns: runs, ...(path === undefined ? {} : { path }) });
  if (!details.failed) return result(details.numRuns, null);
  if (!(details.errorInstance instanceof Broken)) throw details.errorInstance;
  const [input = new Uint8Array()] = details.counterexample ?? [];
  return result(details.numRuns, { finding: details.errorInstance.finding, path: details.counterexamplePath, inputBase64: base64(input) });
}

/** Gives a target one input. */
export async function replay(name: string, target: FuzzTarget, input: Uint8Array, base: string): Promise<TargetResult> {
  const sandbox = new Sandbox(join(base, name), target);
  for (const seed of await target.seeds()) await examine(target, sandbox, seed);
  const began = process.cpuUsage();
  const finding = await examine(target, sandbox, input);
  return {
    name,
    runs: 1,
    seconds: secondsSince(began),
    failure: finding && { finding, path: null, inputBase64: base64(input) },
  };
}

const secondsSince = (began: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1e6;
};
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
