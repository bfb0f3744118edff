import { resolve } from 'node:path';
import { configError } from '../../protocol/errors';
import { ENGINES, type EngineName } from '../../protocol/words';
import { shownPath } from '../terminal/shownPath';
import { significant } from '../terminal/numbers';
import { defineCommand } from './command';

const ENGINE_WORDS = ['auto', ...ENGINES] as const;

export const hypergradientCommand = defineCommand({
  name: 'hypergradient',
  summary: 'Computes the gradient of equation 9 for given weights, exemplars and data.',
  positionals: 'IN.safetensors OUT.safetensors',
  minPositionals: 2,
  maxPositionals: 2,
  options: { engine: { type: 'string', value: 'NAME', help: 'auto, native, webgpu or wasm: what executes the tensors' } },
  async execute({ engine: requested = 'auto' }, [input = '', output = ''], io) {
    const [inFile, outFile] = [resolve(io.cwd, input), resolve(io.cwd, output)];
    const [{ assertWritable, writeResult }, { readProblem }] = await Promise.all([
      import('../hypergradientFile/outputFile'),
      import('../hypergradientFile/readProblem'),
    ]);
    const name = engineName(requested);
    await assertWritable(outFile, inFile);
    const problem = await readProblem(inFile);
    const [{ chooseEngine }, { solveProblem }] = await Promise.all([
      import('../../engine/choose'),
      import('../hypergradientFile/solveProblem'),
    ]);
    const { engine } = await chooseEngine(name);
    try {
      const { gradient, loss } = await solveProblem(engine, problem);
      const norm = Math.sqrt(gradient.data.reduce((sum, value) => sum + value * value, 0));
      if (!Number.isFinite(norm + loss))
        throw configError(`The inner loop of ${inFile} diverges: its result is not a number; lower the metadata "innerLearningRate".`);
      await writeResult(outFile, gradient, loss);
      const { hypergradientMode: mode, innerSteps } = problem.metadata;
      io.stdout.write(
        `${mode} gradient through ${innerSteps} inner steps on ${engine.info.engine}: norm ${significant(norm)}, loss ${significant(loss)}, in ${shownPath(outFile, io.cwd)}\n`,
      );
      return 0;
    } finally {
      engine.dispose();
    }
  },
});

function engineName(text: string): 'auto' | EngineName {
  const found = ENGINE_WORDS.find((word) => word === text);
  if (!found)
    throw configError(`"hypergradient" knows no engine "${text}"; use one of ${ENGINE_WORDS.filter((word) => word !== 'cpu').join(', ')}.`);
  return found;
}
