import { resolve } from 'node:path';
import { hasChecksumField } from '../../protocol/checksumField';
import { elementCount } from '../../store/dtypes';
import { assertChecksum } from '../../store/checksum';
import { readHeader } from '../../store/readSafetensors';
import { alignColumns } from '../terminal/table';
import { defineCommand } from './command';

/** Metadata of more characters is cut in the table; `--json` has all of it. */
const LONGEST_METADATA = 200;

export const inspectCommand = defineCommand({
  name: 'inspect',
  summary: 'Lists what is inside a checkpoint (.safetensors) and checks it, without loading it whole.',
  positionals: 'FILE',
  minPositionals: 1,
  maxPositionals: 1,
  options: { json: { type: 'boolean', help: 'prints one JSON line instead of a table' } },
  async execute({ json }, [file = ''], io) {
    const path = resolve(io.cwd, file);
    const header = await readHeader(path);
    // Told after the list: one may want to see what is in a damaged file.
    const damage = await assertChecksum(path).then(
      () => null,
      (error: unknown) => error,
    );
    const intact = hasChecksumField(header.metadata) ? damage === null : null;
    const tensors = [...header.tensors.values()].map(({ name, dtype, shape, begin, end }) => ({ name, dtype, shape, bytes: end - begin }));
    if (json) {
      io.stdout.write(`${JSON.stringify({ file, bytes: header.fileBytes, intact, metadata: header.metadata, tensors })}\n`);
      if (damage) throw damage;
      return 0;
    }
    const rows = tensors.map(({ name, dtype, shape, bytes }) => [name, dtype, `[${shape.join(', ')}]`, String(bytes)]);
    const elements = tensors.reduce((sum, { shape }) => sum + elementCount(shape), 0);
    const metadata = Object.entries(header.metadata).map(
      ([key, value]) => `${key}: ${value.length > LONGEST_METADATA ? `${value.slice(0, LONGEST_METADATA - 1)}…` : value}`,
    );
    const summary = `${tensors.length} tensors, ${elements} elements, ${header.fileBytes} bytes${intact ? ', checksum matches' : ''}`;
    io.stdout.write([...alignColumns([['tensor', 'type', 'shape', 'bytes'], ...rows], 'lllr'), '', ...metadata, summary, ''].join('\n'));
    if (damage) throw damage;
    return 0;
  },
});
