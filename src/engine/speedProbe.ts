import * as tf from '@tensorflow/tfjs-core';
import type { NamedAttrMap, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Engine } from './engine';

const BATCH = 32;
const SIZE = 32;
const WIDTHS = [3, 16, 32, 32] as const;
const EPSILON = 1e-5;
const RATE = 0.01;

type Parameters = Record<string, Tensor>;

/**
 * Images a second that an engine trains of a small network: three layers of convolution, batch norm and relu on 32×32
 * images, forward, backward and update. It compares engines on one machine, no more. Takes up to `limitMs`
 * milliseconds and one step, three steps at least.
 */
export async function probeSpeed(engine: Engine, limitMs = 2000, batch = BATCH): Promise<number> {
  const scope = tf.engine();
  scope.startScope('speed probe');
  try {
    const run = engine.compile('speed probe', trainingStep);
    const image = tf.randomNormal([batch, SIZE, SIZE, WIDTHS[0]], 0, 1, 'float32', 1);
    let parameters = initialParameters();
    const times: number[] = [];
    const start = performance.now();
    // The first step records or warms up and isn't counted.
    for (let step = 0; step < 3 || (performance.now() - start < limitMs && step < 50); step++) {
      const begin = performance.now();
      const next = run({ image, parameters }) as { parameters: Parameters };
      await next.parameters['scale0']?.data();
      if (step > 0) times.push(performance.now() - begin);
      tf.dispose(parameters);
      parameters = next.parameters;
    }
    times.sort((a, b) => a - b);
    return (batch * 1000) / (times[times.length >> 1] ?? Number.POSITIVE_INFINITY);
  } finally {
    scope.endScope();
  }
}

function layers(): number[] {
  return WIDTHS.slice(1).map((_, layer) => layer);
}

function initialParameters(): Parameters {
  const entries = layers().flatMap((layer): [string, Tensor][] => {
    const [inputs, outputs] = [WIDTHS[layer] ?? 1, WIDTHS[layer + 1] ?? 1];
    return [
      [`filter${layer}`, tf.randomNormal([3, 3, inputs, outputs], 0, 0.1, 'float32', layer + 2)],
      [`scale${layer}`, tf.ones([outputs])],
      [`offset${layer}`, tf.zeros([outputs])],
    ];
  });
  return Object.fromEntries(entries);
}

/** Minimises half of the squared output. The chain rule is written out: an engine knows kernels, not derivatives. */
function trainingStep({ image, parameters }: { image: Tensor; parameters: Parameters }): { parameters: Parameters } {
  const get = (name: string): Tensor => parameters[name] as Tensor;
  const kernel = <T>(name: string, inputs: Record<string, Tensor>, attrs: object = {}): T =>
    tf.engine().runKernel(name, inputs, attrs as NamedAttrMap) as T;
  const forward: { x: Tensor4D; convolved: Tensor4D; normalised: Tensor; mean: Tensor; variance: Tensor }[] = [];
  let x = image as Tensor4D;
  for (const layer of layers()) {
    const convolved = tf.conv2d(x, get(`filter${layer}`) as Tensor4D, 1, 'same');
    const [normalised, mean, variance] = kernel<[Tensor, Tensor, Tensor]>(
      'LabBatchNormTrain',
      { x: convolved, scale: get(`scale${layer}`), offset: get(`offset${layer}`) },
      { epsilon: EPSILON },
    );
    forward.push({ x, convolved, normalised, mean, variance });
    x = tf.relu(normalised) as Tensor4D;
  }
  const updated: Parameters = {};
  const update = (name: string, gradient: Tensor): void =>
    void (updated[name] = tf.sub(get(name), tf.mul(gradient, RATE / (image.shape[0] ?? 1))));
  let dy: Tensor = x;
  for (const layer of layers().reverse()) {
    const saved = forward[layer];
    if (!saved) throw new Error('the speed probe lost a layer');
    const filter = get(`filter${layer}`);
    const geometry = { strides: 1, pad: 'same', dataFormat: 'NHWC', dimRoundingMode: undefined };
    const dNormalised = kernel<Tensor>('LabReluGrad', { dy }, { x: saved.normalised });
    const { convolved, mean, variance } = saved;
    const [dConvolved, dScale, dOffset] = kernel<[Tensor, Tensor1D, Tensor1D]>(
      'LabBatchNormTrainGrad',
      { dy: dNormalised, x: convolved, scale: get(`scale${layer}`) },
      { mean, variance, epsilon: EPSILON },
    );
    update(`scale${layer}`, dScale);
    update(`offset${layer}`, dOffset);
    update(`filter${layer}`, kernel('Conv2DBackpropFilter', { x: saved.x, dy: dConvolved }, { ...geometry, filterShape: filter.shape }));
    if (layer > 0) dy = kernel('Conv2DBackpropInput', { dy: dConvolved, filter }, { ...geometry, inputShape: saved.x.shape });
  }
  return { parameters: updated };
}
