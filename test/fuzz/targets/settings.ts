import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseConfig } from '../../../src/protocol/parseConfig';
import { readExperiment } from '../../../src/store/experimentFile';
import { bytesOfText, mutatedBytes, textOf } from '../inputs/bytes';
import { mutatedJson } from '../inputs/json';
import { STRINGS } from '../inputs/pools';
import type { FuzzTarget } from '../target';

const FIELDS = [
  'lambda',
  'alpha1Milestones',
  'alpha1Milestones.0',
  'alpha1Milestones.9999',
  'phaseSizes.__proto__',
  'name',
  'constructor.prototype',
  '__proto__.x',
  'a.'.repeat(3000),
];

/** One `--set` a line. */
export const target: FuzzTarget = {
  runs: 6000,
  file: 'sets.txt',
  codes: ['config-invalid'],
  seeds: () => [bytesOfText('lambda=0.7\nname=x\nalpha1Milestones=[1,2]'), bytesOfText('alpha1Milestones.0=3')],
  mutated: (seeds) =>
    fc.oneof(
      mutatedBytes(seeds, [...STRINGS, '=', '.', '\n', '[', ']', '{', '}', '__proto__.x=1', '.constructor']),
      fc
        .array(fc.tuple(fc.constantFrom(...FIELDS, ...STRINGS), mutatedJson([0.7, [1, 2], 'x', { a: { b: 1 } }])), {
          minLength: 1,
          maxLength: 3,
        })
        .map((sets) => bytesOfText(sets.map(([field, value]) => `${field}=${value}`).join('\n'))),
    ),
  prepare: (folder) => writeFileSync(join(folder, 'x.mnemonics.json'), '{"alpha1Milestones":[1,2]}'),
  async read(folder, input) {
    const { config } = await readExperiment(join(folder, 'x.mnemonics.json'), textOf(input).split('\n'));
    assert.deepStrictEqual(parseConfig(JSON.parse(JSON.stringify(config))), config);
    return config;
  },
};
