import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { HOSTS, HOSTS_BY_NAME, type HostName } from '../../src/hosts/hosts';
import type { Host } from '../../src/hosts/host';
import { HOST_MATH } from '../../src/learning/hostMath';
import { forward, FROZEN, networkShape, type NetworkShape } from '../../src/learning/network';
import type { Model } from '../../src/learning/model';
import { gradients } from '../../src/ops/differentiate';
import type { NamedTensors } from '../../src/ops/namedTensors';
import { configSchema } from '../../src/protocol/config';
import { oneHot } from '../../src/trainer/batches';
import { scalarOf, valuesOf } from '../../src/trainer/tensorData';
import { describeOnEngines } from '../engine/support/engines';
import { assertClose, readFixture } from '../learning/fixture';

type Inputs = {
  params: NamedTensors;
  buffers: NamedTensors;
  oldParams: NamedTensors;
  oldBuffers: NamedTensors;
  images: tf.Tensor;
  oneHot: tf.Tensor;
  scalars: NamedTensors;
};

/** Loss of (6) and its gradients, batch norm by batch statistics, as a training step has them. */
const lossAndGradients = (shape: NetworkShape, host: Host) => (inputs: Inputs) => {
  const old = forward(shape, { params: inputs.oldParams, buffers: inputs.oldBuffers }, inputs.images, FROZEN);
  const { value, gradients: gradient } = gradients(() => {
    const model: Model = { params: inputs.params, buffers: inputs.buffers };
    const now = forward(shape, model, inputs.images, { kind: 'batch', onStatistics: () => undefined });
    return host.loss(HOST_MATH)({ ...now, old, oneHot: inputs.oneHot, scalars: inputs.scalars });
  }, inputs.params);
  return { loss: value, gradient };
};

/** algorithm.md, Verification: the smooth activation to 1e-4; relu to 1e-2, since one unit that changes sign moves it. */
const LIMITS = { squareplus: 1e-4, relu: 1e-2 } as const;
/** What of the fixture each host is held against: LwF and iCaRL share (5). */
const CASES = [...HOSTS.map((host) => ({ host, of: host === 'lwf' ? 'icarl' : host })), { host: 'icarl', of: 'transfer' }] as const;

/** Made by test/fixtures/hosts.py, PyTorch in float64: four old classes, three new ones. */
describeOnEngines('losses of hosts against PyTorch', ['native', 'wasm', 'cpu'], (engine) => {
  for (const activation of ['squareplus', 'relu'] as const) {
    for (const { host: name, of } of CASES) {
      it(`${name}${of === 'transfer' ? ' with weight transfer' : ''}, ${activation}: the same loss, and the same gradient of every weight`, async function () {
        this.timeout(60_000);
        const fixture = await readFixture(`hosts-${activation}.safetensors`);
        const host = HOSTS_BY_NAME[name as HostName];
        const shape = { ...networkShape('resnet8', 3, activation, host.head), channels: [6, 8, 12] };
        const [now, old] = [fixture.model(`model/${of}/`), fixture.model(`old/${of}/`)];
        const numbers = host.scalars(valuesOfFixture(fixture.number), {
          old: fixture.number('old'),
          new: fixture.number('seen') - fixture.number('old'),
        });
        const { loss, gradient } = engine().compile(
          'loss',
          lossAndGradients(shape, host),
        )({
          ...now,
          oldParams: old.params,
          oldBuffers: old.buffers,
          images: fixture.tensor('images'),
          oneHot: oneHot(fixture.integers('labels'), fixture.number('seen')),
          scalars: Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, tf.scalar(value)])),
        });
        assertClose([await scalarOf(loss)], fixture.floats(`loss/${of}`), 1e-5, 'loss');
        await assertGradients(gradient, fixture.group(`gradient/${of}/`), LIMITS[activation]);
      });
    }
  }
});

/** Host hyperparameters as the fixture has them, the rest by default. */
function valuesOfFixture(number: (key: string) => number) {
  const config = configSchema.parse({});
  const given = ['lambda', 'temperature', 'lucirLambdaBase', 'lucirHardClasses', 'lucirMargin', 'lucirMarginWeight'];
  return { ...config, ...Object.fromEntries(given.map((key) => [key, number(key)])) };
}

/** All of them as one vector, and each alone where it is not as good as nothing beside the others. */
async function assertGradients(actual: NamedTensors, expected: NamedTensors, limit: number): Promise<void> {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  const names = Object.keys(expected);
  const of = async (tensors: NamedTensors) => Promise.all(names.map((name) => valuesOf(tensors[name] as tf.Tensor)));
  const [ours, theirs] = [await of(actual), await of(expected)];
  const flat = (parts: Float32Array[]) => parts.flatMap((part) => [...part]);
  assertClose(flat(ours), flat(theirs), limit, 'all gradients');
  const whole = Math.hypot(...flat(theirs));
  names.forEach((name, i) => {
    const part = theirs[i] ?? new Float32Array();
    if (Math.hypot(...part) > 1e-2 * whole) assertClose(ours[i] ?? [], part, limit, name);
  });
}
