import assert from 'node:assert/strict';
import { configProblems } from '../../src/protocol/parseConfig';

describe('What is wrong with an experiment', () => {
  const WRONG: [input: object, field: string, message: string][] = [
    [{ lambda: 2 }, 'lambda', 'must be at most 1 (it is 2)'],
    [{ lambda: Infinity }, 'lambda', 'must be a number (it is Infinity)'],
    [{ lambda: '0.5' }, 'lambda', 'must be a number (it is "0.5")'],
    [{ epochs: 1e308 }, 'epochs', 'must be at most 100000 (it is 1e+308)'],
    [{ epochs: -1e308 }, 'epochs', 'must be at least 1 (it is -1e+308)'],
    [{ epochs: 1.5 }, 'epochs', 'must be a whole number (it is 1.5)'],
    [{ host: 'icarll' }, 'host', 'must be one of bic, icarl, lucir, lwf (it is "icarll")'],
  ];
  for (const [input, field, message] of WRONG)
    it(`is said once for each field: ${field} ${message}`, () => {
      assert.deepEqual(configProblems(input), [{ field, message }]);
    });

  it('is said for every field', () => {
    assert.deepEqual(
      configProblems({ epochs: 0, lambda: 2, epoch: 1 }).map(({ field }) => field),
      ['lambda', 'epochs', 'epoch'],
    );
  });
});
