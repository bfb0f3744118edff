import assert from 'node:assert/strict';
import { growClassifier, imprintedRows, initialWeights } from '../../src/learning/initialWeights';
import { networkShape } from '../../src/learning/network';
import { frozenKernels } from '../../src/learning/weightTransfer';
import { NETWORKS } from '../../src/protocol/words';
import { assertClose, readFixture } from './fixture';

describe('the classifier of a later phase', () => {
  it('imprints the rows that PyTorch imprints, of classes with unequal numbers of images', async () => {
    const fixture = await readFixture('imprinting.safetensors');
    const features = Array.from({ length: fixture.number('classes') }, (_, i) => fixture.floats(`features${i}`));
    const old = fixture.tensor('old');
    assertClose(imprintedRows({ shape: old.shape, data: fixture.floats('old') }, features), fixture.floats('rows'), 1e-6, 'imprinted rows');
  });

  it('keeps old rows and bias, or rows and scale', () => {
    for (const head of ['linear', 'cosine'] as const) {
      const shape = networkShape('resnet8', 1, 'relu', head);
      const old = growClassifier(shape, {}, 3, 1);
      old['fc.sigma']?.data.fill(7);
      const grown = growClassifier(shape, old, 5, 1);
      assert.deepEqual(Object.keys(grown), ['fc.weight', head === 'linear' ? 'fc.bias' : 'fc.sigma']);
      assert.deepEqual(grown['fc.weight']?.shape, [5, 64]);
      assert.deepEqual(grown['fc.weight']?.data.slice(0, 3 * 64), old['fc.weight']?.data);
      assert.deepEqual(grown['fc.bias']?.data.slice(0, 3), old['fc.bias']?.data);
      assert.deepEqual(grown['fc.sigma'], old['fc.sigma']);
    }
  });
});

describe('weight transfer', () => {
  it('moves every kernel to what does not train, with scale 1 and shift 0, once', () => {
    const fresh = initialWeights(networkShape('resnet8', 3), 4, 1);
    const frozen = frozenKernels(fresh);
    const kernels = Object.keys(fresh.params).filter((name) => /conv\d\.weight$|downsample\.0\.weight$/.test(name));
    assert.equal(kernels.length, 9);
    for (const name of kernels) {
      const conv = name.replace(/\.weight$/, '');
      const [, , inputs = 0, outputs = 0] = fresh.params[name]?.shape ?? [];
      assert.equal(frozen.buffers[name], fresh.params[name]);
      assert.ok(!(name in frozen.params));
      assert.deepEqual(frozen.params[`${conv}.transfer_scale`]?.shape, [1, 1, inputs, outputs]);
      assert.ok(frozen.params[`${conv}.transfer_scale`]?.data.every((value) => value === 1));
      assert.deepEqual(frozen.params[`${conv}.transfer_shift`], { shape: [outputs], data: new Float32Array(outputs) });
    }
    assert.deepEqual(frozenKernels(frozen), frozen);
  });
});

describe('fresh weights', () => {
  it("have torchvision's names for resnet18", () => {
    const { params, buffers } = initialWeights(networkShape('resnet18', 3), 10, 1);
    // torchvision.models.resnet18().state_dict(): 122 entries, 20 of them num_batches_tracked.
    assert.equal(Object.keys({ ...params, ...buffers }).length, 102);
    assert.deepEqual(params['conv1.weight']?.shape, [7, 7, 3, 64]);
    assert.deepEqual(params['layer4.0.downsample.0.weight']?.shape, [1, 1, 256, 512]);
    assert.ok('layer4.1.bn2.weight' in params && 'layer1.1.bn2.running_var' in buffers);
    assert.ok(!('layer1.0.downsample.0.weight' in params));
    const weights = Object.values(params).reduce((total, { data }) => total + data.length, 0);
    assert.equal(weights, 11_689_512 - 512_000 - 1000 + 5120 + 10);
  });

  it('are made for every network', () => {
    for (const name of NETWORKS.filter((network) => network !== 'resnet18')) {
      const { params } = initialWeights(networkShape(name, 1), 2, 1);
      const layers = Object.keys(params).filter((key) => /conv\d\.weight$/.test(key)).length + 1;
      assert.equal(`resnet${layers}`, name);
    }
  });
});
