import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { evaluationFileSchema, type EvaluationFile } from '../protocol/evaluationFile';
import { runError } from '../protocol/errors';
import type { BothClassifiers } from '../protocol/metrics';
import { phaseFile, RUN_FILES } from '../protocol/runLayout';
import { assertPhase, damaged, hasChecksum } from './checksum';
import { readProblem } from './fileProblem';
import { parseFileText } from './parseFile';
import { readText } from './readText';

/** Two confusion matrices of a thousand classes, an entry a line, and more. */
const MOST_BYTES = 64 * 2 ** 20;
const MOST_VALUES = 2_500_000;

/**
 * What a phase was evaluated to.
 * @param metrics as the run's log has them, where that is at hand
 * @throws LabError `run-folder` where the file is missing, damaged, another phase's or, by its metrics, another run's
 */
export async function readEvaluation(runDir: string, phase: number, metrics?: BothClassifiers): Promise<EvaluationFile> {
  const path = join(runDir, phaseFile(phase, 'evaluation'));
  const text = await readText(path, MOST_BYTES).catch((error: unknown) => {
    throw readProblem(path, error);
  });
  const evaluation = parseFileText<EvaluationFile>(text, evaluationFileSchema, path, MOST_VALUES);
  if (evaluation.sha256 !== undefined && !hasChecksum(text, evaluation.sha256)) throw damaged(path);
  assertPhase(path, evaluation.phase, phase);
  if (metrics && !isDeepStrictEqual(evaluation.metrics, metrics))
    throw runError(`${path} is not of this run: its figures are not those of ${RUN_FILES.events}; restore it from a copy.`);
  return evaluation;
}
