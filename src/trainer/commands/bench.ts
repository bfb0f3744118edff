import { BENCH_OPTIONS, benchCase, parseBenchOptions } from '../bench/benchOptions';
import { defineCommand } from './command';
import { stoppable } from './stoppable';

export const benchCommand = defineCommand({
  name: 'bench',
  summary: 'Measures training, evaluation and one exact outer step of equation 9 here.',
  positionals: '',
  minPositionals: 0,
  maxPositionals: 0,
  options: BENCH_OPTIONS,
  async execute(values, _positionals, io) {
    const options = parseBenchOptions(values);
    const [engine = 'auto'] = options.engines;
    if (options.worker && engine !== 'all') {
      const { benchWorker } = await import('../bench/worker');
      const bench = benchCase(options, engine, options.worker, options.innerSteps[0] ?? 0);
      return benchWorker(bench, options.ops, process.stdin, io.stdout);
    }
    const [{ runBench }, { BenchProgress }, { benchLine, benchTable }] = await Promise.all([
      import('../bench/runBench'),
      import('../bench/benchProgress'),
      import('../bench/benchResult'),
    ]);
    const progress = new BenchProgress(io.stderr);
    return stoppable(io, progress, 'The bench was stopped; nothing was left behind.', async (signal) => {
      const results = await runBench(options, progress, signal);
      progress.clear();
      if (options.json) for (const cases of results) io.stdout.write(`${JSON.stringify(benchLine(options, cases))}\n`);
      else io.stdout.write(benchTable(options, results));
    });
  },
});
