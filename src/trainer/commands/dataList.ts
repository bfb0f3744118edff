import { isAbsolute, resolve } from 'node:path';
import { builtInFolder } from '../../data/builtIn';
import { dataFolder, importedFolder, readManifest } from '../../data/dataFolder';
import { setFiles } from '../../data/setFiles';
import { builtInFiles, describeDataSet } from '../../protocol/dataSets/registry';
import { DATA_SETS, type DataSetName } from '../../protocol/words';
import { alignColumns } from '../terminal/table';
import { defineCommand, type CommandIo } from './command';

export const dataListCommand = defineCommand({
  name: 'data list',
  summary: 'Lists the data sets that an experiment can name: which are here, and how to get the others.',
  positionals: '',
  minPositionals: 0,
  maxPositionals: 0,
  options: { json: { type: 'boolean', help: 'prints one JSON line instead of a table' } },
  execute({ json }, _positionals, io) {
    const sets = DATA_SETS.map((name) => listed(name, io));
    if (json) io.stdout.write(`${JSON.stringify(sets)}\n`);
    else {
      const rows = sets.map((set) => [set.name, set.title, set.classes === null ? '' : String(set.classes), whereItIs(set)]);
      const lines = alignColumns([['dataSet', 'what it is', 'classes', 'where it is'], ...rows], 'llrl');
      io.stdout.write(
        `${lines.join('\n')}\n\nImported data sets are in ${dataFolder(absolute(io))} (MNEMONICS_DATA sets another folder).\n`,
      );
    }
    return Promise.resolve(0);
  },
});

/** The environment with the data folder made absolute, from where the command was called. */
export function absolute({ env, cwd }: CommandIo): NodeJS.ProcessEnv {
  const folder = env['MNEMONICS_DATA'];
  return folder && !isAbsolute(folder) ? { ...env, MNEMONICS_DATA: resolve(cwd, folder) } : env;
}

/** One data set as `data list --json` tells it. */
function listed(name: DataSetName, io: CommandIo) {
  const description = describeDataSet(name);
  const folder = importedFolder(name, absolute(io));
  const manifest = folder === null ? null : readManifest(folder);
  const builtIn = builtInFiles(description) !== null;
  return {
    name,
    title: description.title,
    /** Null where the images tell. */
    classes: manifest?.classes ?? classesOf(name),
    builtIn,
    /** `imported`, `built-in` or `absent`. */
    state: folder !== null ? 'imported' : builtIn ? 'built-in' : 'absent',
    folder: folder ?? (builtIn ? builtInFolder(description) : null),
    verified: manifest?.verified ?? null,
    importedAt: manifest?.importedAt ?? null,
    published: description.published,
    files:
      description.kind === 'images'
        ? ['train/<class>/…', 'val/<class>/…']
        : setFiles(description)
            .filter(({ optional }) => !optional)
            .map((file) => file.name),
  };
}

function classesOf(name: DataSetName): number | null {
  const description = describeDataSet(name);
  switch (description.kind) {
    case 'idx':
      return description.classNames?.length ?? null;
    case 'cifar':
      return description.classes;
    case 'images':
      return description.subset?.classes ?? null;
  }
}

function whereItIs({ name, state, verified, published }: ReturnType<typeof listed>): string {
  if (state === 'built-in') return 'built in';
  if (state === 'imported') return verified === 'published' ? "imported, checksums are the publisher's" : 'imported, checked by its form';
  return `get ${published}; then: data import ${name} --from PATH`;
}
