import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { ARRAYS, elementCount, float32, int32, type Dtype, type TensorData } from '../../src/store/dtypes';
import { encodeSafetensors } from '../../src/store/encodeSafetensors';
import { readHeader, readSafetensors, readTensor } from '../../src/store/readSafetensors';
import { rejectsWith } from './support/rejects';
import { temporaryFolders } from './support/temporaryFolder';

const dtypes = Object.keys(ARRAYS) as Dtype[];

const tensor: fc.Arbitrary<TensorData> = fc
  .tuple(fc.constantFrom(...dtypes), fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }))
  .chain(([dtype, shape]) => {
    const bytes = elementCount(shape) * ARRAYS[dtype].BYTES_PER_ELEMENT;
    return fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((content) => {
      const data = new ARRAYS[dtype](Uint8Array.from(content).buffer);
      return { dtype, shape, data } as TensorData;
    });
  });
const name = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter((text) => !['__proto__', '__metadata__'].includes(text));
const tensors = fc.array(fc.tuple(name, tensor), { maxLength: 6 }).map((entries) => new Map(entries));
const metadata = fc.dictionary(name, fc.string({ maxLength: 30, unit: 'grapheme' }), { maxKeys: 4, noNullPrototype: true });

const bytesOf = (data: TensorData['data']) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

describe('safetensors', () => {
  const folder = temporaryFolders();

  it('gives back bit for bit what was written, whatever the dtypes, shapes, names and metadata', async () => {
    const path = join(folder(), 'x.safetensors');
    await fc.assert(
      fc.asyncProperty(tensors, metadata, async (written, writtenMetadata) => {
        writeFileSync(path, Buffer.concat(encodeSafetensors(written, writtenMetadata)));
        const read = await readSafetensors(path);
        assert.deepEqual(read.metadata, writtenMetadata);
        assert.deepEqual([...read.tensors.keys()].sort(), [...written.keys()].sort());
        for (const [key, { dtype, shape, data }] of written) {
          const found = read.tensors.get(key);
          assert.deepEqual([found?.dtype, found?.shape], [dtype, shape]);
          assert.ok(found && bytesOf(found.data).equals(bytesOf(data)));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('writes the same bytes whatever order the tensors were given in', () => {
    const entries: [string, TensorData][] = [
      ['b', float32([2], new Float32Array([1, 2]))],
      ['a', float32([1], new Float32Array([3]))],
      ['big', { dtype: 'F64', shape: [1], data: new Float64Array([4]) }],
    ];
    const bytes = (list: [string, TensorData][]) => Buffer.concat(encodeSafetensors(new Map(list)));
    assert.ok(bytes(entries).equals(bytes(entries.toReversed())));
  });

  it('orders by alignment then name and pads the header with spaces to 8 bytes', () => {
    const file = Buffer.concat(
      encodeSafetensors(
        new Map<string, TensorData>([
          ['z', int32([], new Int32Array([7]))],
          ['byte', { dtype: 'U8', shape: [1], data: new Uint8Array([9]) }],
          ['a', int32([], new Int32Array([8]))],
        ]),
      ),
    );
    const length = Number(file.readBigUInt64LE(0));
    const header = file.toString('utf8', 8, 8 + length);
    assert.equal(length % 8, 0);
    assert.match(header, /^\{"a":.*"z":.*"byte":.*\} *$/);
    assert.deepEqual([...file.subarray(8 + length)], [8, 0, 0, 0, 7, 0, 0, 0, 9]);
  });

  it('reads one tensor by its byte range', async () => {
    const path = join(folder(), 'x.safetensors');
    writeFileSync(
      path,
      Buffer.concat(
        encodeSafetensors(
          new Map([
            ['a', float32([1], new Float32Array([1]))],
            ['b', float32([2, 1], new Float32Array([2, 3]))],
          ]),
        ),
      ),
    );
    const { shape, data } = await readTensor(path, 'b');
    assert.deepEqual(
      [shape, [...data]],
      [
        [2, 1],
        [2, 3],
      ],
    );
    await rejectsWith(readTensor(path, 'c'), 5, /has no tensor "c"/);
  });

  it('names a file that is missing', () =>
    rejectsWith(readHeader('/nowhere/x.safetensors'), 5, /\/nowhere\/x\.safetensors can't be read: it isn't there/));
});
