import { basename } from 'node:path';
import { alignColumns } from '../terminal/table';
import { defineCommand } from './command';

export const engineListCommand = defineCommand({
  name: 'engine list',
  summary: 'Lists the installed native engines and the one that is used.',
  positionals: '',
  minPositionals: 0,
  maxPositionals: 0,
  options: { json: { type: 'boolean', help: 'prints one JSON line instead of a table' } },
  async execute({ json }, _positionals, io) {
    const { findNative, listNative, whyNoNative } = await import('../../engine/native/manifest');
    const found = listNative();
    const used = findNative();
    if (json) {
      const engines = found.map(({ folder, engine, problem }) => ({ folder, used: folder === used?.folder, problem, ...engine?.manifest }));
      io.stdout.write(`${JSON.stringify({ engines })}\n`);
      return 0;
    }
    const rows = found.map(({ folder, engine, problem }) =>
      engine
        ? [
            basename(folder),
            folder === used?.folder ? 'used' : '',
            `TensorFlow ${engine.manifest.tensorflow} for the ${engine.manifest.device.toUpperCase()}, ${engine.manifest.source}`,
          ]
        : [basename(folder), 'damaged', problem],
    );
    io.stdout.write(rows.length > 0 ? `${alignColumns(rows).join('\n')}\n` : 'No native engine is installed; "engine install" does it.\n');
    if (!used && rows.length > 0) io.stdout.write(`The native engine is ${whyNoNative()}\n`);
    return 0;
  },
});
