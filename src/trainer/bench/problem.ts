import type { DataSet } from '../../data/dataSet';
import type { Engine } from '../../engine/engine';
import { initialWeights } from '../../learning/initialWeights';
import type { PlainTensors } from '../../learning/model';
import { RandomStream } from '../../learning/randomStreams';
import { configSchema } from '../../protocol/config';
import type { ClassInfo } from '../../protocol/events';
import type { ClassIndex, ClassLabel } from '../../protocol/ids';
import { NETWORK_FORMS } from '../../protocol/networks';
import { compileSteps } from '../compiledSteps';
import { ExemplarMemory, imageSize } from '../exemplarMemory';
import type { StageContext } from '../stages/stage';
import { toTensors, zerosFor } from '../tensorData';
import { TrainingState } from '../trainingState';
import type { BenchCase } from './benchCase';

const SEED = 1;
const CHANNELS = 3;

/** Side of the images that a network is measured on: CIFAR's, or ImageNet's where the network is made for those. */
export const imageSide = (network: BenchCase['network']): number => (NETWORK_FORMS[network].stem === 'small' ? 32 : 224);

/** What the stages of phase 0 work with in a run of these sizes, on images of noise: the run's own steps, state and memory. */
export function benchContext(engine: Engine, bench: BenchCase): StageContext {
  const config = configSchema.parse({
    network: bench.network,
    dataSet: 'cifar100',
    batchSize: bench.batch,
    innerSteps: bench.innerSteps,
    mnemonicsBatchSize: Math.max(2, bench.data),
    exemplarMethod: 'mnemonics',
    seed: SEED,
  });
  const data = noise(bench);
  const classes = data.classNames.map((name, index): ClassInfo => ({ index: index as ClassIndex, label: index as ClassLabel, name }));
  const phase = { phase: 0, classes, exemplarsPerClass: 1, stages: [] };
  const steps = compileSteps(engine, config, CHANNELS);
  const { params, buffers } = initialWeights(steps.shape, bench.classes, SEED);
  const state = new TrainingState({ params: toTensors(quieter(params)), buffers: toTensors(buffers) }, memoryOf(bench, data));
  state.replaceMomentum(zerosFor(state.model.params));
  return {
    config: () => config,
    steps,
    data,
    plan: { phases: [phase] },
    phase,
    state,
    evaluated: () => undefined,
    midStep: async () => undefined,
  };
}

/** By their running statistics, which are not its own yet, an untrained model's activations would double in every block. */
const quieter = (params: PlainTensors): PlainTensors =>
  Object.fromEntries(
    Object.entries(params).map(([name, { shape, data }]) => [
      name,
      { shape, data: name.endsWith('.bn2.weight') ? data.map((value) => value / 5) : data },
    ]),
  );

/** Images of noise, a batch of the larger size, with classes in turn. */
function noise({ network, batch, data, classes }: BenchCase): DataSet {
  const side = imageSide(network);
  const count = Math.max(batch, data);
  const random = new RandomStream(SEED, 'bench', 'images');
  const images = Uint8Array.from({ length: count * side * side * CHANNELS }, () => random.integer(256));
  const part = { images, labels: Uint16Array.from({ length: count }, (_, i) => i % classes) };
  const statistics = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };
  return {
    ...statistics,
    name: 'cifar100',
    classNames: Array.from({ length: classes }, (_, i) => String(i)),
    height: side,
    width: side,
    channels: CHANNELS,
    practice: side === 32 ? 'padded-crop' : 'resized-crop',
    train: part,
    test: part,
    fingerprint: { dataSet: 'cifar100', sha256: '0'.repeat(64), trainImages: count, testImages: count },
  };
}

/** m exemplars of noise, dealt evenly to as many classes as there are exemplars for. */
function memoryOf({ exemplars, classes }: BenchCase, data: DataSet): ExemplarMemory {
  const memory = new ExemplarMemory(data);
  const random = new RandomStream(SEED, 'bench', 'exemplars');
  const used = Math.min(classes, exemplars);
  for (let c = 0; c < used; c++) {
    const count = Math.floor(exemplars / used) + (c < exemplars % used ? 1 : 0);
    memory.add(
      c as ClassIndex,
      Float32Array.from({ length: count * imageSize(data) }, () => random.normal()),
    );
  }
  return memory;
}
