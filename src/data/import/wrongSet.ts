import { basename } from 'node:path';
import type { CifarDescription, IdxDescription } from '../../protocol/dataSets/description';
import { DATA_SET_DESCRIPTIONS, describeDataSet } from '../../protocol/dataSets/registry';
import { dataError, type LabError } from '../../protocol/errors';
import { DATA_SETS, type DataSetName } from '../../protocol/words';
import { setFiles } from '../setFiles';

/**
 * Why what was named isn't the data set: another version or another set where that can be told.
 * @param paths of all files that it has
 * @param missing a file that the set needs
 */
export function wrongSetError(
  name: DataSetName,
  description: CifarDescription | IdxDescription,
  source: string,
  paths: readonly string[],
  missing: string,
): LabError {
  const names = new Set(paths.map((path) => basename(path).replace(/\.gz$/, '')));
  const python = (set: CifarDescription) =>
    paths.some((path) => path.split('/').includes(set.python)) || basename(source).startsWith(set.python);
  for (const other of Object.values(DATA_SET_DESCRIPTIONS)) {
    if (other.kind === 'cifar' && python(other))
      return dataError(`${source} is the Python version of ${other.title}, which isn't read here; get ${description.published}.`);
  }
  if ([...names].some((file) => file.endsWith('.mat')))
    return dataError(`${source} is the Matlab version, which isn't read here; get ${description.published}.`);
  const complete = DATA_SETS.find((other) => {
    const set = describeDataSet(other);
    return other !== name && set.kind === 'cifar' && setFiles(set).every((file) => file.optional || names.has(file.name));
  });
  if (complete) return dataError(`${source} has the files of ${complete}; import it as that: data import ${complete} --from ${source}.`);
  const has = [...names].slice(0, 5).join(', ') || 'nothing';
  return dataError(`${source} lacks ${missing} (it has ${has}${names.size > 5 ? ', …' : ''}); name ${description.published}.`);
}
