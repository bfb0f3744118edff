import { join } from 'node:path';
import { toErrorInfo } from '../protocol/errors';
import { phaseFile } from '../protocol/runLayout';
import { assertChecksum, assertPhase } from './checksum';
import { readEvaluation } from './readEvaluation';

/**
 * Reads the files that finished phases have stored. No step depends on them, so a run goes on where they are damaged.
 * @param phases how many phases have ended
 * @returns a sentence on each file that is missing or damaged
 */
export async function checkPhaseFiles(runDir: string, phases: number): Promise<string[]> {
  const problems: string[] = [];
  const check = (read: Promise<unknown>) => read.catch((error: unknown) => void problems.push(toErrorInfo(error).message));
  for (let phase = 0; phase < phases; phase++) {
    for (const file of ['model', 'exemplars'] as const) await check(assertIntact(join(runDir, phaseFile(phase, file)), phase));
    await check(readEvaluation(runDir, phase));
  }
  return problems;
}

async function assertIntact(path: string, phase: number): Promise<void> {
  const { phase: said } = await assertChecksum(path);
  assertPhase(path, said, phase);
}
