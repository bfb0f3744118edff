import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exemplarPixelsSchema } from '../../src/protocol/webviewMessages';
import { float32, int32, type TensorData } from '../../src/store/dtypes';
import { encodeSafetensors } from '../../src/store/encodeSafetensors';
import { isExemplarFile, readExemplarFile, readExemplarPixels } from '../../src/store/exemplarFile';
import { readHeader } from '../../src/store/readSafetensors';
import { rejectsWith } from './support/rejects';
import { temporaryFolders } from './support/temporaryFolder';

const TENSORS: [string, TensorData][] = [
  ['before', float32([2, 1, 2, 1], new Float32Array([1, 2, 3, 4]))],
  ['after', float32([2, 1, 2, 1], new Float32Array([5, 6, 7, 8]))],
  ['labels', int32([2], new Int32Array([9, 4]))],
  ['classes', int32([2], new Int32Array([0, 1]))],
];

describe('An exemplar file', () => {
  const folder = temporaryFolders();
  const write = (
    path: string,
    tensors: Map<string, TensorData>,
    metadata: Record<string, string> = { mean: '[0.1307]', std: '[0.3081]' },
  ) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, Buffer.concat(encodeSafetensors(tensors, metadata)));
    return path;
  };

  it('gives pixels, class indices and what undoes the normalisation', async () => {
    const runDir = folder();
    const path = write(join(runDir, 'phase-03', 'exemplars.safetensors'), new Map(TENSORS));
    const pixels = exemplarPixelsSchema.parse(await readExemplarPixels(runDir, 3));
    assert.deepEqual(
      { ...pixels, before: [...pixels.before], after: [...pixels.after] },
      {
        phase: 3,
        height: 1,
        width: 2,
        channels: 1,
        classes: [0, 1],
        before: [1, 2, 3, 4],
        after: [5, 6, 7, 8],
        mean: [0.1307],
        std: [0.3081],
      },
    );
    assert.equal(isExemplarFile(await readHeader(path)), true);
  });

  it('may lie anywhere and lack its metadata', async () => {
    const pixels = await readExemplarFile(write(join(folder(), 'x.safetensors'), new Map(TENSORS), {}));
    assert.deepEqual([pixels.phase, pixels.mean, pixels.std], [0, [0], [1]]);
  });

  const WRONG: [title: string, change: [string, TensorData | null], message: RegExp][] = [
    ['lacks a tensor', ['after', null], /no tensor "after"/],
    ['has another dtype', ['classes', { dtype: 'I64', shape: [2], data: new BigInt64Array(2) }], /"classes" is I64 instead of I32/],
    ['has images without channels', ['before', float32([2, 1, 2], new Float32Array(4))], /"before" has the shape \[2, 1, 2\]/],
    ['has fewer images after', ['after', float32([1, 1, 2, 1], new Float32Array(2))], /"after" has the shape/],
    ['has too few classes', ['classes', int32([1], new Int32Array(1))], /"classes" has the shape \[1\] instead of \[2\]/],
  ];
  for (const [title, [name, tensor], message] of WRONG) {
    it(`is refused where it ${title}`, () => {
      const tensors = new Map(TENSORS);
      if (tensor) tensors.set(name, tensor);
      else tensors.delete(name);
      return rejectsWith(readExemplarFile(write(join(folder(), 'x.safetensors'), tensors)), 5, message);
    });
  }

  for (const mean of ['[0.1, 0.2]', 'zero', '["a"]']) {
    it(`is refused with the mean ${mean}`, () =>
      rejectsWith(
        readExemplarFile(write(join(folder(), 'x.safetensors'), new Map(TENSORS), { mean })),
        5,
        /"mean" is not a JSON list of 1 number/,
      ));
  }

  it('is told from a model', async () => {
    const path = write(join(folder(), 'model.safetensors'), new Map([['fc.weight', float32([1], new Float32Array(1))]]));
    assert.equal(isExemplarFile(await readHeader(path)), false);
  });
});
