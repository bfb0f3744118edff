import { alignColumns } from '../terminal/table';
import { significant } from '../terminal/numbers';
import type { BenchOptions } from './benchOptions';
import type { Measurements } from './runBench';
import { spreadOf } from './statistics';

/** Images a second of a case, or null where images don't count. */
export function rateOf({ ready, repeats }: Measurements): { median: number; quartiles: readonly [number, number] } | null {
  return ready.images === 0 ? null : spreadOf(repeats.map(({ seconds }) => ready.images / seconds));
}

const rounded = (value: number): number => Number(value.toPrecision(5));
const spread = (quartiles: readonly [number, number]) => quartiles.map(rounded);
const largest = (values: readonly number[]): number => rounded(Math.max(...values));

/** One engine's line of `--json`. Medians, with quartiles beside them. */
export function benchLine({ network, sizes }: BenchOptions, cases: readonly Measurements[]): object {
  const { engine } = cases[0]?.ready ?? {};
  const of = (measurement: Measurements['measurement']) => cases.filter((c) => c.measurement === measurement);
  const [training] = of('training');
  const [evaluation] = of('evaluation');
  const [product] = of('matrix-product');
  const outerSteps = of('outer-step').map((c) => outerStepLine(c, sizes));
  return {
    engine: engine?.engine,
    network,
    batch: sizes.batch,
    classes: sizes.classes,
    device: engine?.device,
    threads: engine?.threads,
    versions: engine?.versions,
    ...(training && { training: { ...ratesLine(training), ...preparation(training) } }),
    ...(evaluation && { evaluation: { batch: evaluation.ready.images, ...ratesLine(evaluation) } }),
    ...(outerSteps.length > 0 && { mnemonicsOuterStep: outerSteps[0] }),
    ...(outerSteps.length > 1 && { mnemonicsOuterSteps: outerSteps }),
    ...(product && { matrixProduct: { gflopPerSecond: rounded((product.ready.gflop ?? 0) / secondsOf(product).median) } }),
  };
}

const secondsOf = ({ repeats }: Measurements) => spreadOf(repeats.map(({ seconds }) => seconds));

function ratesLine(measurements: Measurements): object {
  const { ready, repeats } = measurements;
  const rate = rateOf(measurements);
  return {
    imagesPerSecond: rounded(rate?.median ?? 0),
    quartiles: spread(rate?.quartiles ?? [0, 0]),
    repeats: repeats.length,
    gflopPerCall: rounded(ready.gflop ?? 0),
    peakMemoryMiB: largest(repeats.map(({ peakMemoryMiB }) => peakMemoryMiB)),
    pageFaultsPerCall: Math.round(spreadOf(repeats.map(({ pageFaults }) => pageFaults)).median),
  };
}

/** How long a batch of a run takes to prepare, as a share of the step that it is for. */
function preparation(measurements: Measurements): object {
  const seconds = measurements.repeats.flatMap(({ preparationSeconds }) => preparationSeconds ?? []);
  return seconds.length > 0 ? { preparationShare: rounded(spreadOf(seconds).median / secondsOf(measurements).median) } : {};
}

function outerStepLine(measurements: Measurements, { exemplars, data }: BenchOptions['sizes']): object {
  const { innerSteps, repeats } = measurements;
  const { median, quartiles } = secondsOf(measurements);
  return {
    innerSteps,
    seconds: rounded(median),
    quartiles: spread(quartiles),
    repeats: repeats.length,
    peakMemoryMiB: largest(repeats.map(({ peakMemoryMiB }) => peakMemoryMiB)),
    exemplars,
    data,
    pageFaultsPerCall: Math.round(spreadOf(repeats.map(({ pageFaults }) => pageFaults)).median),
  };
}

/** What a case is called where people read it. */
export const caseName = (measurement: Measurements['measurement'], innerSteps: number): string =>
  ({
    training: 'training',
    evaluation: 'evaluation',
    'outer-step': `outer step, K = ${innerSteps}`,
    'matrix-product': 'matrix product',
  })[measurement];

/** A case's median in its own unit. */
export function headline(measurements: Measurements): { value: string; quartiles: string } {
  const rate = rateOf(measurements);
  if (rate) return { value: `${significant(rate.median)} images/s`, quartiles: rate.quartiles.map(significant).join(' – ') };
  const { median, quartiles } = secondsOf(measurements);
  const { gflop } = measurements.ready;
  if (gflop === null) return { value: `${significant(median)} s`, quartiles: quartiles.map(significant).join(' – ') };
  const [low, high] = [gflop / quartiles[1], gflop / quartiles[0]];
  return { value: `${significant(gflop / median)} GFLOP/s`, quartiles: `${significant(low)} – ${significant(high)}` };
}

/** All engines' results as a table for people. */
export function benchTable({ network, sizes }: BenchOptions, results: readonly (readonly Measurements[])[]): string {
  const { batch, classes, exemplars, data } = sizes;
  const engines = results.map(([first]) => first?.ready.engine);
  const rows = results.flat().map((m) => {
    const { value, quartiles } = headline(m);
    const peak = Math.max(...m.repeats.map(({ peakMemoryMiB }) => peakMemoryMiB));
    return [
      m.ready.engine.engine,
      caseName(m.measurement, m.innerSteps),
      value,
      quartiles,
      `${m.repeats.length}`,
      `${Math.round(peak)} MiB`,
    ];
  });
  const head = ['engine', 'measured', 'median', 'quartiles', 'repeats', 'peak memory'];
  const about = engines.flatMap((engine) =>
    engine
      ? `${engine.engine}: ${engine.device}, ${engine.threads} thread${engine.threads === 1 ? '' : 's'}, ${Object.entries(engine.versions)
          .map((part) => part.join(' '))
          .join(', ')}`
      : [],
  );
  return `${[`${network}, batch ${batch}, ${classes} classes, m = ${exemplars}, n = ${data}`, ...about, '', ...alignColumns([head, ...rows], 'llrlrr')].join('\n')}\n`;
}
