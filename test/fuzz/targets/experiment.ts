import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseConfig } from '../../../src/protocol/parseConfig';
import { PRESETS } from '../../../src/protocol/presets';
import { readExperiment } from '../../../src/store/experimentFile';
import { readExperimentText } from '../../../src/extension/experiments/experimentText';
import { bytesOfText, mutatedBytes, textOf } from '../inputs/bytes';
import { mutatedJsonText } from '../inputs/json';
import type { FuzzTarget } from '../target';

const EXAMPLES = join(__dirname, '..', '..', '..', 'examples');
export const experiments = (): Uint8Array[] => [
  ...PRESETS.map((name) => readFileSync(join(EXAMPLES, `${name}.mnemonics.json`))),
  bytesOfText('\ufeff// A comment.\n{ /* inside */ "lambda": 0.7, "alpha1Milestones": [1, 2,], "phaseSizes": [5, 5], }\n'),
];

export const target: FuzzTarget = {
  runs: 8000,
  file: 'x.mnemonics.json',
  codes: ['config-invalid'],
  seeds: experiments,
  mutated: (seeds) =>
    fc.oneof(
      mutatedJsonText(
        seeds
          .slice(-1)
          .map(() => bytesOfText('{"lambda":0.7,"seed":1,"alpha1Milestones":[1,2],"phaseSizes":[5,5],"host":"icarl","name":"x"}')),
      ),
      mutatedBytes(seeds, [
        '//',
        '/*',
        '*/',
        ',',
        ',,',
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        '\\u',
        '"__proto__":',
        '"lambda":',
        '-0',
        '1e309',
        '\ufeff',
      ]),
    ),
  async read(folder) {
    const path = join(folder, 'x.mnemonics.json');
    // The panel's reading of it tells its problems and never fails.
    readExperimentText(textOf(readFileSync(path)), path);
    const { config } = await readExperiment(path);
    // What a run writes down and reads again is what it trained with.
    assert.deepStrictEqual(parseConfig(JSON.parse(JSON.stringify(config))), config);
    return config;
  },
};
