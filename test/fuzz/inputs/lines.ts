import fc from 'fast-check';
import { withoutChecksum } from '../../../src/store/logChecksum';
import { mutatedBytes } from './bytes';
import { mutatedJson } from './json';

/**
 * Logs of one JSON value a line: lines are changed in their structure, left out, doubled, and the whole in its bytes. Only the last kind has
 * checksums: they would keep a reader from looking at what else is wrong.
 */
export function mutatedLines(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const lines = Buffer.from(seeds[0]!).toString('utf8').trimEnd().split('\n').map(withoutChecksum);
  const values = lines.map((line): unknown => JSON.parse(line));
  const changed = fc.record({ at: fc.nat(lines.length - 1), text: mutatedJson(values) });
  // A line that is changed in its own place is what a reader may half understand.
  const own = fc.nat(lines.length - 1).chain((at) => mutatedJson([values[at]]).map((text) => ({ at, text })));
  const put = (changes: readonly { at: number; text: string }[]): Uint8Array => {
    const copy = [...lines];
    for (const { at, text } of changes) copy[at] = text;
    return Buffer.from(`${copy.join('\n')}\n`, 'utf8');
  };
  return fc.oneof(
    { weight: 3, arbitrary: fc.array(own, { minLength: 1, maxLength: 3 }).map(put) },
    { weight: 1, arbitrary: fc.array(changed, { minLength: 1, maxLength: 2 }).map(put) },
    { weight: 1, arbitrary: mutatedBytes([...seeds, put([])], ['\n', '\n\n', '{}', 'null', '\r\n', '\u2028']) },
  );
}
