import { DATA_SET_READERS } from '../../data/registry';
import { alignColumns } from '../terminal/table';
import { defineCommand } from './command';

export const dataListCommand = defineCommand({
  name: 'data list',
  summary: 'Lists the data sets that an experiment can name, and the files that each needs.',
  positionals: '',
  minPositionals: 0,
  maxPositionals: 0,
  options: { json: { type: 'boolean', help: 'prints one JSON line instead of a table' } },
  execute({ json }, _positionals, io) {
    const sets = Object.entries(DATA_SET_READERS).map(([name, { title, classes, builtIn, files }]) => ({
      name,
      title,
      classes,
      builtIn,
      files,
    }));
    if (json) io.stdout.write(`${JSON.stringify(sets)}\n`);
    else {
      const rows = sets.map(({ name, title, classes, builtIn, files }) => [
        name,
        title,
        String(classes),
        builtIn ? 'built in' : `dataPath with ${files.join(', ')}`,
      ]);
      io.stdout.write(`${alignColumns([['dataSet', 'what it is', 'classes', 'where it comes from'], ...rows], 'llrl').join('\n')}\n`);
    }
    return Promise.resolve(0);
  },
});
