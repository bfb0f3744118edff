import fc from 'fast-check';
import { NUMBERS, WORDS } from './pools';

/** A place in an input, as a fraction of its length: it means something in every seed. */
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
type Change = (bytes: Buffer, all: readonly Uint8Array[]) => Buffer;

const at = (bytes: Uint8Array, where: number): number => Math.floor(where * bytes.byteLength);
const replaced = (bytes: Buffer, from: number, to: number, by: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(Math.max(from, to))]);

/** What can happen to bytes, whatever they mean. */
function changes(tokens: readonly string[]): fc.Arbitrary<Change> {
  const length = fc.oneof({ weight: 4, arbitrary: fc.nat(16) }, { weight: 1, arbitrary: fc.nat(4096) });
  return fc.oneof(
    fc.record({ where: place, bit: fc.nat(7) }).map(({ where, bit }): Change => (bytes) => {
      const copy = Buffer.from(bytes);
      const i = at(copy, where);
      if (i < copy.length) copy[i] = copy[i]! ^ (1 << bit);
      return copy;
    }),
    fc.record({ where: place, byte: fc.nat(255) }).map(({ where, byte }): Change => (bytes) => {
      const copy = Buffer.from(bytes);
      if (copy.length > 0) copy[at(copy, where)] = byte;
      return copy;
    }),
    fc
      .record({ where: place, word: fc.constantFrom(...WORDS), size: fc.constantFrom(1, 2, 4, 8), little: fc.boolean() })
      .map(({ where, word, size, little }): Change => (bytes) => {
        const number = Buffer.alloc(8, size === 8 && word > 0x7fffffff ? 0xff : 0);
        number.writeUInt32LE(word);
        const written = little ? number.subarray(0, size) : Buffer.from(number.subarray(0, size)).reverse();
        const from = at(bytes, where);
        return replaced(bytes, from, from + size, written).subarray(0, bytes.length);
      }),
    place.map(
      (where): Change =>
        (bytes) =>
          bytes.subarray(0, at(bytes, where)),
    ),
    fc.record({ where: place, length }).map(
      ({ where, length }): Change =>
        (bytes) =>
          replaced(bytes, at(bytes, where), at(bytes, where) + length, Buffer.alloc(0)),
    ),
    fc.record({ where: place, length, times: fc.nat(40) }).map(({ where, length, times }): Change => (bytes) => {
      const from = at(bytes, where);
      return replaced(bytes, from, from, Buffer.concat(new Array<Buffer>(times).fill(bytes.subarray(from, from + length))));
    }),
    fc.record({ where: place, from: place, length, other: fc.nat(99) }).map(({ where, from, length, other }): Change => (bytes, all) => {
      const source = all[other % all.length] ?? bytes;
      return replaced(bytes, at(bytes, where), at(bytes, where) + length, source.subarray(at(source, from), at(source, from) + length));
    }),
    fc.record({ where: place, extra: fc.uint8Array({ maxLength: 24 }) }).map(
      ({ where, extra }): Change =>
        (bytes) =>
          replaced(bytes, at(bytes, where), at(bytes, where), extra),
    ),
    fc.record({ where: place, token: fc.constantFrom(...tokens), over: fc.boolean() }).map(({ where, token, over }): Change => (bytes) => {
      const from = at(bytes, where);
      return replaced(bytes, from, over ? from + Buffer.byteLength(token) : from, Buffer.from(token));
    }),
  );
}

/** Seeds with up to six changes: bits, bytes and numbers, cuts, repetitions, pieces of each other, words of the format. */
export function mutatedBytes(seeds: readonly Uint8Array[], tokens: readonly string[] = NUMBERS): fc.Arbitrary<Uint8Array> {
  return fc
    .record({ seed: fc.nat(Math.max(0, seeds.length - 1)), made: fc.array(changes(tokens), { maxLength: 6 }) })
    .map(({ seed, made }) => made.reduce<Buffer>((bytes, change) => change(bytes, seeds), Buffer.from(seeds[seed]!)));
}

/** Bytes that are text to the reader. */
export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
export const bytesOfText = (text: string): Uint8Array => Buffer.from(text, 'utf8');
