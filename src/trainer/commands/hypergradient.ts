import { resolve } from 'node:path';
import { configError } from '../../protocol/errors';
import { shownPath } from '../terminal/shownPath';
import { significant } from '../terminal/numbers';
import { defineCommand } from './command';
import { engineWish } from './engineWish';

export const hypergradientCommand = defineCommand({
  name: 'hypergradient',
  summary: 'Computes the gradient of equation 9 for given weights, exemplars and data.',
  positionals: 'IN.safetensors OUT.safetensors',
  minPositionals: 2,
  maxPositionals: 2,
  options: { engine: { type: 'string', value: 'NAME', help: 'auto, native, webgpu or wasm: what executes the tensors' } },
  async execute({ engine }, [input = '', output = ''], io) {
    const [inFile, outFile] = [resolve(io.cwd, input), resolve(io.cwd, output)];
    const [{ assertWritable, writeResult }, { readProblem }] = await Promise.all([
      import('../hypergradientFile/outputFile'),
      import('../hypergradientFile/readProblem'),
    ]);
    const wish = engineWish('hypergradient', engine) ?? 'auto';
    await assertWritable(outFile, inFile);
    const problem = await readProblem(inFile);
    const [{ chooseEngine }, { solveProblem }] = await Promise.all([
      import('../../engine/choose'),
      import('../hypergradientFile/solveProblem'),
    ]);
    const { engine: loaded } = await chooseEngine(wish);
    try {
      const { gradient, loss } = await solveProblem(loaded, problem);
      const norm = Math.sqrt(gradient.data.reduce((sum, value) => sum + value * value, 0));
      if (!Number.isFinite(norm + loss))
        throw configError(`The inner loop of ${inFile} diverges: its result is not a number; lower the metadata "innerLearningRate".`);
      await writeResult(outFile, gradient, loss);
      const { hypergradientMode: mode, innerSteps } = problem.metadata;
      io.stdout.write(
        `${mode} gradient through ${innerSteps} inner steps on ${loaded.info.engine}: norm ${significant(norm)}, loss ${significant(loss)}, in ${shownPath(outFile, io.cwd)}\n`,
      );
      return 0;
    } finally {
      loaded.dispose();
    }
  },
});
