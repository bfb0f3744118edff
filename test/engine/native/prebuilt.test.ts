import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildPrebuilt, checkPrebuilt } from '../../../src/engine/native/prebuilt';
import { withEnvironment } from '../support/installation';
import { keptPrebuilt, realHeaders } from '../support/tinyTensorflow';
import { temporaryFolder } from '../support/wheels';

describe('the prebuilt binding', function () {
  this.timeout(90_000);
  let folder: ReturnType<typeof temporaryFolder>;
  let include: string;
  before(function () {
    const found = realHeaders();
    if (process.platform !== 'linux' || process.arch !== 'x64' || !found) return this.skip();
    include = found;
    folder = temporaryFolder();
  });
  after(() => folder?.remove());

  it('has the same bytes from two builds in different places, and asks little of the system', async () => {
    const one = await keptPrebuilt(include);
    const two = join(folder.path, 'a folder with another name', 'two');
    const headers = join(folder.path, 'headers');
    cpSync(include, headers, { recursive: true });
    const TMPDIR = join(folder.path, 'tmp');
    mkdirSync(TMPDIR);
    await withEnvironment({ TMPDIR, LANG: 'de_DE.UTF-8', SOURCE_DATE_EPOCH: '1' }, () => buildPrebuilt(two, headers));
    assert.deepEqual(readdirSync(one).sort(), ['convolutions.node', 'prebuilt.json', 'system.node', 'tfjs_binding.node']);
    for (const name of readdirSync(one)) assert.ok(readFileSync(join(one, name)).equals(readFileSync(join(two, name))), name);
    assert.deepEqual(checkPrebuilt(one), { usable: true, folder: one });

    for (const name of ['tfjs_binding.node', 'convolutions.node']) asksLittle(join(one, name));
  });

  const asksLittle = (addon: string): void => {
    const content = readFileSync(addon);
    assert.ok(content.length < 2 ** 18);
    assert.equal(content.includes('/native-prebuilt/'), false);
    const dynamic = execFileSync('readelf', ['-dV', addon], { encoding: 'utf8' });
    assert.match(dynamic, /RUNPATH.*\[\$ORIGIN\/lib\]/);
    const newest = (family: string): number[] =>
      Array.from(
        dynamic.matchAll(new RegExp(`${family}_(\\d+)\\.(\\d+)(?:\\.(\\d+))?`, 'g')),
        ([, a, b, c = '0']) => Number(a) * 1e4 + Number(b) * 100 + Number(c),
      );
    // TensorFlow's wheels need glibc 2.27 themselves; GCC 7, of the same time, has 3.4.24.
    assert.ok(Math.max(...newest('GLIBC')) <= 2_27_00);
    assert.ok(Math.max(...newest('GLIBCXX')) <= 3_04_24);
  };

  it('is not built again while sources and compiler are the same', async () => {
    const kept = await keptPrebuilt(include);
    await buildPrebuilt(kept, join(folder.path, 'no headers here'));
    assert.equal(checkPrebuilt(kept).usable, true);
  });
});
