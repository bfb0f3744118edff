import fc from 'fast-check';
import { tar, tarGz } from '../../data/support/archives';
import { mutatedBytes } from '../inputs/bytes';
import { importFrom, members } from '../inputs/importing';
import { hostileTar } from '../inputs/tarFile';
import type { FuzzTarget } from '../target';

const FILE = 'set.tar';

export const target: FuzzTarget = {
  runs: 800,
  file: FILE,
  codes: ['data-invalid'],
  seeds: () => [tar(members()), tarGz(members())],
  mutated: (seeds) => fc.oneof({ weight: 1, arbitrary: mutatedBytes(seeds) }, { weight: 2, arbitrary: hostileTar }),
  read: (folder) => importFrom(folder, FILE),
  leaves: /^data(\/image-folder(\/.*)?)?$/s,
};
