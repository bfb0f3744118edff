import assert from 'node:assert/strict';
import { assertNetworkFits } from '../../src/learning/networkFits';

describe('a network and the size of images', () => {
  const check = (network: 'resnet18' | 'resnet32', side: number) => () =>
    assertNetworkFits({ network, dataSet: 'mnist' }, { height: side, width: side });

  it('fit as the literature has them', () => {
    for (const side of [28, 32, 64]) assert.doesNotThrow(check('resnet32', side));
    for (const side of [64, 224]) assert.doesNotThrow(check('resnet18', side));
  });

  it('that do not fit are named, with the networks that would', () => {
    assert.throws(check('resnet18', 28), {
      code: 'config-invalid',
      exitCode: 2,
      message: /"network" is resnet18.*64 to 512 pixels.*mnist are 28×28: set "network" to one of resnet8, resnet14, resnet20, resnet32\./,
    });
    assert.throws(check('resnet32', 224), /set "network" to one of resnet18/);
    assert.throws(check('resnet18', 1000), /use images of another size/);
  });
});
