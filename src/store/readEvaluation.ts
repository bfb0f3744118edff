import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evaluationFileSchema, type EvaluationFile } from '../protocol/evaluationFile';
import { phaseFile } from '../protocol/runLayout';
import { readProblem } from './fileProblem';
import { parseFileText } from './parseFile';

/** What a phase was evaluated to. @throws LabError `run-folder` where the file is missing or damaged */
export async function readEvaluation(runDir: string, phase: number): Promise<EvaluationFile> {
  const path = join(runDir, phaseFile(phase, 'evaluation'));
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw readProblem(path, error);
  });
  return parseFileText<EvaluationFile>(text, evaluationFileSchema, path);
}
