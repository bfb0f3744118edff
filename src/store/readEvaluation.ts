import { join } from 'node:path';
import { evaluationFileSchema, type EvaluationFile } from '../protocol/evaluationFile';
import { phaseFile } from '../protocol/runLayout';
import { assertPhase, damaged, hasChecksum } from './checksum';
import { readProblem } from './fileProblem';
import { parseFileText } from './parseFile';
import { readText } from './readText';

/** Two confusion matrices of a thousand classes, an entry a line, and more. */
const MOST_BYTES = 64 * 2 ** 20;
const MOST_VALUES = 2_500_000;

/** What a phase was evaluated to. @throws LabError `run-folder` where the file is missing or damaged */
export async function readEvaluation(runDir: string, phase: number): Promise<EvaluationFile> {
  const path = join(runDir, phaseFile(phase, 'evaluation'));
  const text = await readText(path, MOST_BYTES).catch((error: unknown) => {
    throw readProblem(path, error);
  });
  const evaluation = parseFileText<EvaluationFile>(text, evaluationFileSchema, path, MOST_VALUES);
  if (evaluation.sha256 !== undefined && !hasChecksum(text, evaluation.sha256)) throw damaged(path);
  assertPhase(path, evaluation.phase, phase);
  return evaluation;
}
