import { configJsonSchema } from '../../protocol/parseConfig';
import { defineCommand } from './command';

export const schemaCommand = defineCommand({
  name: 'schema',
  summary: 'Prints the JSON Schema of experiment files.',
  positionals: '',
  minPositionals: 0,
  maxPositionals: 0,
  options: {},
  execute: (_values, _positionals, io) => {
    io.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
    return Promise.resolve(0);
  },
});
