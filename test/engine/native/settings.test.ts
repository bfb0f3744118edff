import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { engineInfoSchema } from '../../../src/protocol/engineInfo';
import { findNative } from '../../../src/engine/native/manifest';
import { missing } from '../support/engines';

const NAMES = ['TF_ENABLE_ONEDNN_OPTS', 'TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS', 'TF_CPP_MIN_LOG_LEVEL'];
const CORES = availableParallelism();

/** What the engine says of itself in a fresh process, and what oneDNN reports there of its threads and of the kernels that it ran. */
function load(given: Record<string, string>) {
  const inherited = Object.entries(process.env).filter(([name]) => !NAMES.includes(name));
  const env = { ...Object.fromEntries(inherited), ...given, ONEDNN_VERBOSE: '1' };
  const fixture = join(__dirname, '../fixtures/nativeConvolution.ts');
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', fixture], { encoding: 'utf8', env });
  const report = `${stdout}\n${stderr}`;
  const said = report.split('\n').find((line) => line.startsWith('{'));
  assert.ok(said, report);
  return {
    info: engineInfoSchema.parse(JSON.parse(said)),
    threads: Number(/^onednn_verbose.*runtime:threadpool,nthr:(\d+)/m.exec(report)?.[1]),
    convolutions: report.match(/^onednn_verbose.*,exec,cpu,convolution,/gm)?.length ?? 0,
  };
}

// On a GPU convolutions are cuDNN's.
const absent = missing('native') ?? (findNative()?.manifest.device === 'gpu' ? 'the native engine is one for GPUs' : undefined);

describe("the native engine's settings", function () {
  this.timeout(60_000);
  if (absent) return void it(`skipped, ${absent}`);

  it('are what the library does: convolutions by oneDNN, on as many threads as the process may use', () => {
    const { info, threads, convolutions } = load({});
    assert.equal(convolutions, 1);
    const { convolutions: ours, ...told } = info.settings ?? {};
    assert.match(ours ?? '', /^(Winograd, AVX(-512|2)|TensorFlow's)$/);
    assert.deepEqual(told, { oneDNN: 'on', 'threads across ops': String(CORES) });
    assert.deepEqual([threads, info.threads], [CORES, CORES]);
  });

  it('are left as the user has set them, and the engine says so', () => {
    const more = load({ TF_NUM_INTRAOP_THREADS: String(CORES + 1), TF_NUM_INTEROP_THREADS: '1' });
    assert.deepEqual([more.threads, more.info.threads], [CORES + 1, CORES + 1]);
    assert.equal(more.info.settings?.['threads across ops'], '1');
    const without = load({ TF_ENABLE_ONEDNN_OPTS: '0' });
    assert.equal(without.convolutions, 0);
    assert.equal(without.info.settings?.['oneDNN'], 'off');
  });
});
