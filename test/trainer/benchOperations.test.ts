import assert from 'node:assert/strict';
import { networkShape } from '../../src/learning/network';
import { convolutionsOf, elementwiseBytes, operationsOf } from '../../src/trainer/bench/operations';

describe("a network's operations, counted from its shapes", () => {
  it('are the multiplications that He et al. give for ResNets, twice: each has an addition', () => {
    // ResNet-18 on 224×224: 1.8 · 10⁹ (He et al. 2016, table 1). ResNet-32 on 32×32: 69 million, the figure of the field.
    const resnet18 = operationsOf(networkShape('resnet18', 3), 224, 1000).forward;
    assert.ok(Math.abs(resnet18 / 2 / 1.8e9 - 1) < 0.02, `${resnet18}`);
    const resnet32 = operationsOf(networkShape('resnet32', 3), 32, 10).forward;
    assert.ok(Math.abs(resnet32 / 2 / 69e6 - 1) < 0.02, `${resnet32}`);
  });

  it('are those of a network small enough to count by hand', () => {
    // ResNet-8: the first layer and one block of two convolutions at each of 32, 16 and 8 pixels, two 1×1 shortcuts, a classifier of 10.
    const first = 9 * 3 * 16 * 32 ** 2;
    const blocks = 2 * 9 * 16 * 16 * 32 ** 2 + 9 * (16 * 32 + 32 * 32) * 16 ** 2 + 9 * (32 * 64 + 64 * 64) * 8 ** 2;
    const shortcuts = 16 * 32 * 16 ** 2 + 32 * 64 * 8 ** 2;
    const { forward, training } = operationsOf(networkShape('resnet8', 3), 32, 10);
    assert.equal(forward, 2 * (first + blocks + shortcuts + 64 * 10));
    assert.equal(training, 3 * forward - 2 * first, 'nobody asks for the gradient by the images');
  });

  it("count one layer of weights for each of the network's names, and bytes for each of its pixels", () => {
    assert.equal(convolutionsOf(networkShape('resnet32', 3), 32).length, 31 + 2);
    const pixels = 3 * 16 * 32 ** 2 + 3 * 32 * 16 ** 2 + 3 * 64 * 8 ** 2;
    assert.equal(elementwiseBytes(networkShape('resnet8', 3), 32), 15 * 4 * pixels);
  });
});
