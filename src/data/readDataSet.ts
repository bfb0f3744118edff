import { dataError } from '../protocol/errors';
import { describeDataSet } from '../protocol/dataSets/registry';
import type { DataSetName } from '../protocol/words';
import type { DataSetFiles, ReadOptions } from './dataSet';
import { readCifar } from './readCifar';
import { readIdx } from './readIdx';
import { readImageTree } from './images/readImageTree';

/**
 * Reads and checks a data set's files.
 * @param folder absolute path
 * @throws LabError `data-invalid` naming the file and the remedy.
 */
export async function readDataSet(name: DataSetName, folder: string, options: ReadOptions = {}): Promise<DataSetFiles> {
  const files = await read(name, folder, options);
  if (files.classNames.length < 2)
    throw dataError(`${folder} has images of ${files.classNames.length} class; a data set needs two classes or more, so add another.`);
  return files;
}

function read(name: DataSetName, folder: string, options: ReadOptions): Promise<DataSetFiles> {
  const description = describeDataSet(name);
  switch (description.kind) {
    case 'idx':
      return readIdx(folder, description, options);
    case 'cifar':
      return readCifar(folder, description, options);
    case 'images':
      return readImageTree(folder, description, options);
  }
}
