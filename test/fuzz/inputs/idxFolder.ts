import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type fc from 'fast-check';
import { readDataSet } from '../../../src/data/readDataSet';
import { idxFiles } from '../../data/support/idx';
import { mutatedBytes } from './bytes';
import type { FuzzTarget } from '../target';

export type IdxFile = 'train-images-idx3-ubyte' | 't10k-labels-idx1-ubyte';

/** A small set of IDX files of which one is mutated. @param pack what is done with it before it is put in its place */
export function idxTarget(
  file: IdxFile,
  runs: number,
  ending = '',
  pack: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
): FuzzTarget {
  const files = () => idxFiles(6, 3, 4);
  return {
    runs,
    file: file + ending,
    codes: ['data-invalid'],
    seeds: () => [pack(files()[file]!)],
    mutated: (seeds): fc.Arbitrary<Uint8Array> =>
      mutatedBytes([...seeds, files()['train-images-idx3-ubyte']!], ['\0\0\x08\x03', '\0\0\x08\x01', '\0\0\x0d\x03', '\xff\xff\xff\xff']),
    prepare(folder) {
      for (const [name, content] of Object.entries(files())) if (name !== file) writeFileSync(join(folder, name), content);
    },
    read: (folder) => readDataSet('idx', folder),
  };
}
