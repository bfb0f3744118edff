import assert from 'node:assert/strict';
import { classNamesOf } from '../../../src/extension/checkpoint/classNames';

describe('the class names of an exemplar file', () => {
  for (const [what, metadata, names] of [
    ['a list', { classNames: '["cat","dog"]' }, ['cat', 'dog']],
    ['nothing', {}, []],
    ['no JSON', { classNames: 'cat, dog' }, []],
    ['no list', { classNames: '{"0":"cat"}' }, []],
  ] as const) {
    it(`are ${names.length} where the metadata has ${what}`, () => assert.deepEqual(classNamesOf(metadata), names));
  }
});
