import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import path from 'node:path';
import { findNative } from '../../../src/engine/native/manifest';
import { pathWith } from '../../engine/support/installation';
import { pythonPackage } from '../../engine/support/tinyTensorflow';
import { temporaryFolder } from '../../engine/support/wheels';
import { eventually } from '../eventually';
import { useSession } from '../useSession';

/** An editor on a machine without a compiler and without the native engine. */
describe('the native engine in the editor', function () {
  const folder = temporaryFolder();
  const engines = path.join(folder.path, 'mnemonics-lab', 'engines');
  const real = findNative();
  // Never ends: there is time to cancel.
  const slow = createServer((_request, response) => void response.writeHead(200, { 'content-length': 1e8 }).write(Buffer.alloc(3e7)));
  const env: Record<string, string> = { MNEMONICS_CACHE: folder.path, PIP_NO_INDEX: '1' };

  before(async function () {
    if (!real) return this.skip();
    env.PATH = pathWith(folder.path, ['python3', 'sh', 'uname', 'cat', 'ps']);
    env.PYTHONPATH = path.join(folder.path, 'site-packages');
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    env.TFJS_NODE_BASE_URI = `http://127.0.0.1:${(slow.address() as AddressInfo).port}/`;
  });
  after(() => {
    slow.closeAllConnections();
    slow.close();
    folder.remove();
  });
  const at = useSession({ env });

  it('shows what an installation does and how long it takes, and leaves nothing of it when it is cancelled', async () => {
    const { workbench } = await at.window(({ experiment }) => experiment('x'));
    await workbench.command('Mnemonics: Install Native Engine');
    const toast = await workbench.toast(/Installing the native engine.*Downloading libtensorflow 2\.9\.1 \d+ % of 100 MB/);
    assert.equal(readdirSync(engines).length, 1);
    await toast.hover();
    await toast.getByRole('button', { name: 'Cancel' }).click();
    await eventually('an empty folder of engines', () => Promise.resolve(readdirSync(engines).length === 0));
    assert.equal(await workbench.page.locator('.notifications-toasts .codicon-error').count(), 0);
  });

  it('installs from the TensorFlow of Python with the binding of the package, and shows it', async () => {
    assert.ok(real);
    pythonPackage(folder.path, path.join(real.folder, 'lib'), path.join(real.folder, 'include'));
    const { workbench } = await at.window(({ experiment }) => experiment('x'));
    await workbench.command('Mnemonics: Install Native Engine');
    await workbench.toast(/The native engine \(TensorFlow 2\.21\.0, cpu\) is in /, 60_000);
    const manifest = path.join(engines, 'native-2.21.0-linux-x64-cpu', 'engine.json');
    assert.ok(existsSync(manifest));
    assert.equal((JSON.parse(readFileSync(manifest, 'utf8')) as { binding: string }).binding, 'prebuilt');
    await workbench.command('Mnemonics: Show Engine');
    // The end of the list is in sight; that wasm is only available means that the one above it is used.
    await eventually('the engines in the log', async () => {
      const text = (await workbench.outputLines()).join('\n').replaceAll('\u00a0', ' ');
      return /wasm +available; native is preferred/.test(text) && /speed +\d+ images\/s/.test(text);
    });
  });
});
