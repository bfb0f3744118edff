import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { loadNative } from '../../../src/engine/native/load';
import { findNative } from '../../../src/engine/native/manifest';
import { systemAddon } from '../../../src/engine/native/systemAddon';
import { temporaryFolders } from '../../store/support/temporaryFolder';

/** MiB of a mapped file that are in this process's memory. */
function residentOf(file: string): number {
  let [of, kib] = ['', 0];
  for (const line of readFileSync('/proc/self/smaps', 'utf8').split('\n')) {
    if (/^[0-9a-f]+-[0-9a-f]+ /.test(line)) of = line;
    const [, rss] = /^Rss:\s+(\d+) kB$/.exec(line) ?? [];
    if (rss !== undefined && of.includes(file)) kib += Number(rss);
  }
  return kib / 1024;
}

describe('the addon for the system', () => {
  const folder = temporaryFolders();

  it('gives back what only the loader has read of TensorFlow, and TensorFlow goes on', async function () {
    const installed = findNative();
    if (!installed) return this.skip();
    const engine = await loadNative();
    const x = tf.tensor1d([1, 2, 3]);
    const run = engine.compile('sum of squares', (input: tf.Tensor) => tf.sum(tf.square(input)));
    const sum = () => tf.tidy(() => run(x).dataSync()[0]);
    assert.equal(sum(), 14);
    systemAddon(installed.folder).release();
    const resident = residentOf('libtensorflow_cc.so');
    // Of 127 MB of tables and 330 MB of code; what has been written to stays.
    assert.ok(resident > 1 && resident < 40, `${resident} MiB`);
    assert.equal(sum(), 14);
    x.dispose();
    engine.dispose();
  });

  it('does nothing where an engine has none', () => {
    const none = systemAddon(folder());
    none.mute();
    none.unmute();
    none.release();
  });
});
