import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { eventually } from '../eventually';
import { useSession } from '../useSession';

const cli = path.resolve(__dirname, '../../../dist/cli.js');

describe('a run of another process', () => {
  const at = useSession();
  let other: ChildProcess | undefined;

  afterEach(() => other?.kill('SIGKILL'));

  it('is watched live from its folder, but neither paused nor deleted from here', async () => {
    const { workspace, workbench } = await at.window(({ experiment }) => experiment('outside', { epochs: 12 }));
    await workbench.openContainer('Mnemonics');
    const run = path.join(workspace.folder, 'runs', 'outside-1');
    other = spawn(process.execPath, [cli, 'run', path.join(workspace.folder, 'outside.mnemonics.json'), '--out', run], { stdio: 'ignore' });
    const row = workbench.treeRows('Runs').filter({ hasText: /outside-1.*running/ });
    await row.waitFor();
    await row.hover();
    await row.getByRole('button', { name: 'Open Dashboard' }).click();
    const dashboard = await workbench.webview('main.dashboard');
    const step = async () => (await dashboard.locator('header').first().innerText()).replace(/\s+/g, ' ');
    const before = await step();
    await eventually('that the page moves on', async () => (await step()) !== before);
    assert.equal(await dashboard.getByRole('button', { name: 'Pause' }).isVisible(), false);
    await dashboard.getByText('Completed', { exact: true }).first().waitFor({ timeout: 90_000 });
    await workbench
      .treeRows('Runs')
      .filter({ hasText: /outside-1.*Ā \d/ })
      .waitFor();
  });
});
