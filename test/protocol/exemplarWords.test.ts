import assert from 'node:assert/strict';
import { exemplarWords } from '../../src/protocol/exemplarWords';
import { parseConfig } from '../../src/protocol/parseConfig';

describe('exemplarWords', () => {
  it('names what is not the method of the paper, and nothing else', () => {
    assert.equal(exemplarWords(parseConfig({})), 'mnemonics');
    assert.equal(exemplarWords(parseConfig({ exemplarMethod: 'herding', hypergradientMode: 'last-layer' })), 'herding');
    assert.equal(
      exemplarWords(
        parseConfig({ hypergradientMode: 'first-order', innerBatchNorm: 'batch', innerStart: 'trajectory', innerReplay: 'others' }),
      ),
      'mnemonics (first-order gradient, inner batch statistics, from trajectory, beside others)',
    );
  });
});
