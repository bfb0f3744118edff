import { configError } from '../../protocol/errors';
import { ENGINES, NETWORKS, type EngineName, type NetworkName } from '../../protocol/words';
import type { OptionSpecs, OptionValues } from '../commands/command';
import { MEASUREMENTS, type BenchCase, type Measurement } from './benchCase';

export const BENCH_OPTIONS = {
  engine: { type: 'string', multiple: true, value: 'NAME', help: `auto (what a run would use), all, ${ENGINES.join(', ')}` },
  network: { type: 'string', value: 'NAME', help: `${NETWORKS.join(', ')}; by default resnet32` },
  batch: { type: 'string', value: 'N', help: 'images of a training step (128)' },
  classes: { type: 'string', value: 'N', help: 'classes seen (100)' },
  exemplars: { type: 'string', value: 'M', help: 'exemplars that an outer step learns (128)' },
  data: { type: 'string', value: 'N', help: 'images on which their loss is (128)' },
  'inner-steps': { type: 'string', multiple: true, value: 'K', help: 'steps of the temporary model (5); several as a list' },
  repeats: { type: 'string', value: 'N', help: 'of each measurement; by default 5, fewer where one takes long' },
  seconds: { type: 'string', value: 'S', help: 'least time of a repeat (1): as many calls in a row as take so long' },
  only: { type: 'string', multiple: true, value: 'WHAT', help: MEASUREMENTS.join(', ') },
  json: { type: 'boolean', help: 'prints one JSON line for each engine instead of a table' },
  worker: { type: 'string', hidden: true, help: 'measures one thing, a repeat for each line that it is sent' },
  ops: { type: 'boolean', hidden: true, help: 'with --worker on native: runs op by op and times each' },
} as const satisfies OptionSpecs;

export interface BenchOptions {
  readonly engines: readonly ('auto' | 'all' | EngineName)[];
  readonly network: NetworkName;
  readonly sizes: Pick<BenchCase, 'batch' | 'classes' | 'exemplars' | 'data'>;
  /** K of each outer step. */
  readonly innerSteps: readonly number[];
  /** Null for as many as take a reasonable time. */
  readonly repeats: number | null;
  readonly seconds: number;
  readonly only: readonly Measurement[];
  readonly json: boolean;
  /** What this process is to measure itself. */
  readonly worker: Measurement | null;
  /** It times op by op. */
  readonly ops: boolean;
}

/** The yardstick is measured only where it is asked for. */
const BY_DEFAULT: readonly Measurement[] = ['training', 'evaluation', 'outer-step'];

/** @throws LabError `config-invalid` naming the option that can't be used */
export function parseBenchOptions(values: OptionValues<typeof BENCH_OPTIONS>): BenchOptions {
  const number = (option: keyof typeof BENCH_OPTIONS, text: unknown, least: number, most: number, whole = true): number => {
    const value = typeof text === 'string' && text.trim() !== '' ? Number(text) : NaN;
    if (!(value >= least && value <= most) || (whole && !Number.isInteger(value)))
      throw configError(`--${option} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}; it is "${String(text)}".`);
    return value;
  };
  const words = <W extends string>(option: keyof typeof BENCH_OPTIONS, given: readonly string[], known: readonly W[]): W[] =>
    given.map((text) => {
      const word = known.find((candidate) => candidate === text);
      if (!word) throw configError(`--${option} knows no "${text}"; use ${known.join(', ')}.`);
      return word;
    });
  const { engine = ['auto'], network = 'resnet32', only = [...BY_DEFAULT], repeats, worker } = values;
  return {
    engines: unique(words('engine', list(engine), ['auto', 'all', ...ENGINES] as const)),
    network: words('network', [network], NETWORKS)[0] ?? 'resnet32',
    sizes: {
      batch: number('batch', values.batch ?? '128', 2, 4096),
      classes: number('classes', values.classes ?? '100', 2, 1000),
      exemplars: number('exemplars', values.exemplars ?? '128', 1, 4096),
      data: number('data', values.data ?? '128', 2, 4096),
    },
    innerSteps: unique(list(values['inner-steps'] ?? ['5']).map((text) => number('inner-steps', text, 0, 1000))),
    repeats: repeats === undefined ? null : number('repeats', repeats, 1, 1000),
    seconds: number('seconds', values.seconds ?? '1', 0.001, 600, false),
    only: unique(words('only', list(only), MEASUREMENTS)),
    json: values.json ?? false,
    worker: worker === undefined ? null : (words('worker', [worker], MEASUREMENTS)[0] ?? null),
    ops: values.ops ?? false,
  };
}

/** A list may be given by commas or by giving the option again. */
const list = (given: readonly string[]): string[] => given.flatMap((text) => text.split(',')).map((text) => text.trim());
const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** The call of a worker that measures a case. */
export const workerArguments = (bench: BenchCase): string[] => [
  ...['bench', '--worker', bench.measurement, '--engine', bench.engine, '--network', bench.network],
  ...['--batch', bench.batch, '--classes', bench.classes, '--exemplars', bench.exemplars, '--data', bench.data].map(String),
  ...['--inner-steps', bench.innerSteps, '--seconds', bench.seconds].map(String),
];

/** One of the cases that the options ask for. @param engine a single one */
export const benchCase = (
  { network, sizes, seconds }: BenchOptions,
  engine: 'auto' | EngineName,
  measurement: Measurement,
  innerSteps: number,
): BenchCase => ({ measurement, engine, network, ...sizes, innerSteps, seconds });
