import { resolve } from 'node:path';
import type { Config } from '../protocol/config';
import type { DataSet } from './dataSet';
import { fingerprint } from './fingerprint';
import { DATA_SET_READERS } from './registry';
import { firstPerClass } from './subset';

/**
 * The data set that a config names, cut down to its `trainPerClass` and `testPerClass`.
 * @param configDir the folder that a relative `dataPath` starts from
 * @throws LabError `data-invalid` naming the file and the remedy.
 */
export async function loadDataSet(config: Config, configDir: string): Promise<DataSet> {
  const folder = config.dataPath === undefined ? null : resolve(configDir, config.dataPath);
  const { sums, ...files } = await DATA_SET_READERS[config.dataSet].read(folder);
  const train = firstPerClass(files.train, files.classNames, config.trainPerClass, 'training');
  const test = firstPerClass(files.test, files.classNames, config.testPerClass, 'test');
  return { ...files, train, test, fingerprint: fingerprint(files.name, sums, train, test) };
}
