import { resolve } from 'node:path';
import { dataFolder } from '../../data/dataFolder';
import { builtInFiles, describeDataSet } from '../../protocol/dataSets/registry';
import { configError } from '../../protocol/errors';
import { DATA_SETS, type DataSetName } from '../../protocol/words';
import { ByteLine } from '../terminal/byteLine';
import { defineCommand } from './command';
import { absolute } from './dataList';
import { stoppable } from './stoppable';

export const dataImportCommand = defineCommand({
  name: 'data import',
  summary: 'Imports a data set from files that you have, and checks it; nothing is downloaded.',
  positionals: 'NAME',
  minPositionals: 1,
  maxPositionals: 1,
  options: {
    from: { type: 'string', value: 'PATH', help: 'the published archive (.tar, .tar.gz, .tgz, .zip), or a folder with its files' },
    force: { type: 'boolean', help: 'replaces another set of this name that was imported before' },
    unverified: { type: 'boolean', help: "takes files whose checksum isn't the publisher's; their form is checked all the same" },
    json: { type: 'boolean', help: 'prints the result as one JSON line' },
  },
  async execute({ from, force = false, unverified = false, json }, [given = ''], io) {
    const name = dataSetName(given);
    if (from === undefined) throw configError(`"data import" needs --from PATH: where you have ${describeDataSet(name).published}.`);
    const { importDataSet } = await import('../../data/import/importDataSet');
    const line = new ByteLine(io.stderr);
    return stoppable(io, line, 'The import was stopped; the same call goes on from what is copied.', async (signal) => {
      const { folder, manifest, unchanged } = await importDataSet({
        name,
        from: resolve(io.cwd, from),
        dataFolder: dataFolder(absolute(io)),
        force,
        unverified,
        signal,
        onProgress: (progress) => line.show(`Copying ${name}`, progress),
        onChecking: () => line.say(`Checking ${name}`),
      });
      line.clear();
      const { classes, trainImages, testImages, verified } = manifest;
      const how = verified === 'published' ? "checksums are the publisher's" : 'checked by its form';
      const result = `${name} ${unchanged ? 'was there already' : 'is imported'}: ${classes} classes, ${trainImages} training and ${testImages} test images (${how}), in ${folder}`;
      io.stdout.write(json ? `${JSON.stringify({ folder, unchanged, ...manifest })}\n` : `${result}\n`);
    });
  },
});

function dataSetName(given: string): DataSetName {
  const name = DATA_SETS.find((known) => known === given);
  if (!name) throw configError(`"${given}" is no data set; use one of ${DATA_SETS.join(', ')}.`);
  if (builtInFiles(describeDataSet(name))) throw configError(`${name} is built in; it needs no import.`);
  return name;
}
