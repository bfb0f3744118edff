import fc from 'fast-check';
import { parseBenchOptions } from '../../../src/trainer/bench/benchOptions';
import { parseCall } from '../../../src/trainer/commands/parseCall';
import { COMMANDS } from '../../../src/trainer/commands/registry';
import { bytesOfText, mutatedBytes, textOf } from '../inputs/bytes';
import { NUMBERS, STRINGS } from '../inputs/pools';
import type { FuzzTarget } from '../target';

const OPTIONS = [...new Set(COMMANDS.flatMap(({ options }) => Object.keys(options).map((name) => `--${name}`)))];
const WORDS = [
  ...COMMANDS.flatMap(({ name }) => name.split(' ')),
  ...OPTIONS,
  '--',
  '-',
  '-h',
  '--help',
  '--version',
  '--json=1',
  '--set=',
  '--__proto__',
  '--no-json',
  'lambda=0.7',
];

/** Arguments one a line. */
export const target: FuzzTarget = {
  runs: 8000,
  file: 'arguments.txt',
  codes: ['config-invalid'],
  seeds: () =>
    [
      'run\nx.json\n--set\nlambda=0.7\n--json',
      'bench\n--batch\n8\n--engine\nwasm,cpu',
      'data\nimport\ncifar100\n--from\nx.tar',
      '--help',
    ].map(bytesOfText),
  mutated: (seeds) =>
    fc.oneof(
      mutatedBytes(seeds, ['\n', '--', '=', ...OPTIONS, ...STRINGS]),
      fc.array(fc.constantFrom(...WORDS, ...STRINGS, ...NUMBERS), { maxLength: 8 }).map((args) => bytesOfText(args.join('\n'))),
    ),
  read(_, input) {
    const args = input.byteLength === 0 ? [] : textOf(input).split('\n');
    const call = parseCall(args, COMMANDS);
    if (call.kind === 'command' && call.command.name === 'bench') parseBenchOptions(call.values);
    return call.kind === 'command' ? call.values : call.kind;
  },
};
