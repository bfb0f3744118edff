import { builtInFiles, describeDataSet } from '../../protocol/dataSets/registry';
import { DATA_SETS, type DataSetName } from '../../protocol/words';
import { type CliResult } from '../process/cliCommand';

/** What the user wants imported. */
export interface ImportChoice {
  readonly name: DataSetName;
  /** Absolute path of an archive or folder. */
  readonly from: string;
  /** Replaces another set of this name. */
  readonly force: boolean;
}

/** The data sets that can be imported: all but those that come with the program. */
export const importableSets = () =>
  DATA_SETS.flatMap((name) => {
    const description = describeDataSet(name);
    return builtInFiles(description) ? [] : [{ name, title: description.title, published: description.published }];
  });

export const importArguments = ({ name, from, force }: ImportChoice): string[] => [
  'data',
  'import',
  name,
  '--from',
  from,
  ...(force ? ['--force'] : []),
];

/** True where another set of the name is in the way and may be replaced. */
export const needsForce = ({ code, stderr }: CliResult): boolean => code !== 0 && /add --force to replace it\.\s*$/.test(stderr);

/** What a command said last. */
export const lastLine = (text: string): string | undefined => text.trimEnd().split(/\r?\n/).at(-1) || undefined;
