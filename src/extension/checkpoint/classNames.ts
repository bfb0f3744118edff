import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { evaluationFileSchema } from '../../protocol/evaluationFile';
import { PHASE_FILES } from '../../protocol/runLayout';

/** Names of the classes by class index, from the evaluation beside an exemplar file; empty where a file stands alone. */
export async function classNamesFor(exemplarFile: string): Promise<string[]> {
  try {
    const text = await readFile(path.join(path.dirname(exemplarFile), PHASE_FILES.evaluation), 'utf8');
    const { classes } = evaluationFileSchema.parse(JSON.parse(text));
    const names: string[] = [];
    for (const { index, name } of classes) names[index] = name;
    return Array.from(names, (name, index) => name ?? String(index));
  } catch {
    return []; // The file is shown with class indexes instead.
  }
}
