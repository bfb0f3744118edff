import { join } from 'node:path';
import { toErrorInfo } from '../protocol/errors';
import type { BothClassifiers } from '../protocol/metrics';
import { phaseFile } from '../protocol/runLayout';
import { assertChecksum, assertPhase } from './checksum';
import { readEvaluation } from './readEvaluation';

/**
 * Reads the files that finished phases have stored. No step depends on them, so a run goes on where they are damaged.
 * @param evaluations of the phases that have ended, as the run knows them
 * @returns a sentence on each file that is missing or damaged
 */
export async function checkPhaseFiles(runDir: string, evaluations: readonly BothClassifiers[]): Promise<string[]> {
  const problems: string[] = [];
  const check = (read: Promise<unknown>) => read.catch((error: unknown) => void problems.push(toErrorInfo(error).message));
  for (const [phase, metrics] of evaluations.entries()) {
    for (const file of ['model', 'exemplars'] as const) await check(assertIntact(join(runDir, phaseFile(phase, file)), phase));
    await check(readEvaluation(runDir, phase, metrics));
  }
  return problems;
}

async function assertIntact(path: string, phase: number): Promise<void> {
  const { phase: said } = await assertChecksum(path);
  assertPhase(path, said, phase);
}
