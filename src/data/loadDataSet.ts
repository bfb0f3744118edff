import { resolve } from 'node:path';
import { describeDataSet } from '../protocol/dataSets/registry';
import type { Config } from '../protocol/config';
import { configError, dataError } from '../protocol/errors';
import { builtInFolder } from './builtIn';
import { importedFolder } from './dataFolder';
import type { DataSet } from './dataSet';
import { fingerprint } from './fingerprint';
import { readDataSet } from './readDataSet';
import { firstPerClass } from './subset';

/**
 * The data set that a config names, cut down to its `trainPerClass` and `testPerClass`: from `dataPath`, else as it was imported, else
 * as it is built in.
 * @param configDir the folder that a relative `dataPath` starts from
 * @throws LabError `data-invalid` naming the file and the remedy; `config-invalid` for a field that this set doesn't have
 */
export async function loadDataSet(config: Config, configDir: string, env: NodeJS.ProcessEnv = process.env): Promise<DataSet> {
  const { dataSet, dataPath, imageSize } = config;
  const description = describeDataSet(dataSet);
  if (imageSize !== undefined && description.kind !== 'images')
    throw configError(`"imageSize" is for folders of images; the images of ${dataSet} have a size of their own, so leave it out.`);
  const folder = dataPath !== undefined ? resolve(configDir, dataPath) : (importedFolder(dataSet, env) ?? builtInFolder(description));
  if (folder === null)
    throw dataError(
      `${dataSet} is not built in: get ${description.published}, then import it with "data import ${dataSet} --from PATH", or name its folder in dataPath.`,
    );
  const { sums, ...files } = await readDataSet(dataSet, folder, { imageSize });
  const train = firstPerClass(files.train, files.classNames, config.trainPerClass, 'training');
  const test = firstPerClass(files.test, files.classNames, config.testPerClass, 'test');
  return { ...files, name: dataSet, train, test, fingerprint: fingerprint(dataSet, sums, { ...files, train, test }) };
}
