import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { cudaRequirements } from '../../../src/engine/native/cuda';
import { Progress } from '../../../src/engine/native/progress';
import { readMetadata, unpackTensorflow } from '../../../src/engine/native/wheel';
import { zip } from '../../data/support/archives';
import { HOLLOW_WHEEL, WHEEL_NAME, wheelMembers } from '../../engine/support/wheels';
import { bytesOfText, mutatedBytes, textOf } from '../inputs/bytes';
import { MEMBER_NAMES } from '../inputs/importing';
import type { FuzzTarget } from '../target';

const REQUIRES = ["Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2 ; extra == 'and-cuda'", 'Requires-Dist: numpy>=1.26.0'];
const NAMES = [
  ...MEMBER_NAMES,
  ...Object.keys(HOLLOW_WHEEL),
  'tensorflow/include/tensorflow/c/../../../../../escape.h',
  'x.dist-info/RECORD',
];

const wheelOf = (...parts: [members: Record<string, string>, record: Record<string, string>, requires: string[]]): Uint8Array =>
  zip(Object.entries(wheelMembers(WHEEL_NAME, ...parts)).map(([name, content]) => ({ name, content: Buffer.from(content) })));

/** Whole wheels with members, checksums or requirements that no wheel has. */
const forged = fc
  .record({
    members: fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom('', 'x', 'not a library', 'x'.repeat(100_000)), { maxKeys: 4 }),
    forgotten: fc.constantFrom<readonly string[]>([], [], Object.keys(HOLLOW_WHEEL), ['tensorflow/libtensorflow_cc.so.2']),
    requires: mutatedBytes(
      [bytesOfText(REQUIRES.join('\n'))],
      [' ; extra == "and-cuda"', 'Requires-Dist:', ' '.repeat(5000), ';'.repeat(5000)],
    ),
  })
  .map(({ members, forgotten, requires }): Uint8Array => {
    const all = { ...HOLLOW_WHEEL, ...members };
    const listed = Object.fromEntries(Object.entries(all).filter(([name]) => !forgotten.includes(name)));
    return wheelOf(all, listed, [textOf(requires)]);
  });

/** A TensorFlow wheel that the user gives, or pip has fetched. */
export const target: FuzzTarget = {
  runs: 2000,
  file: WHEEL_NAME,
  codes: ['engine-unavailable'],
  seeds: () => [wheelOf(HOLLOW_WHEEL, HOLLOW_WHEEL, REQUIRES)],
  mutated: (seeds) =>
    fc.oneof(mutatedBytes(seeds, ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', 'PK\x06\x06', '\xff\xff\xff\xff', '../', ',sha256=']), forged),
  async read(folder) {
    const [wheel, engine] = [join(folder, WHEEL_NAME), join(folder, 'engine')];
    mkdirSync(engine);
    try {
      await unpackTensorflow(wheel, engine, new Progress(undefined, undefined));
    } catch (error) {
      // As an installation does with its staging folder.
      rmSync(engine, { recursive: true, force: true });
      throw error;
    }
    return cudaRequirements((await readMetadata(wheel)) ?? '');
  },
  leaves: /^engine(\/(lib|include)(\/.*)?)?$/s,
};
