import assert from 'node:assert/strict';
import { commandsLike } from '../palette';
import { storedRun } from '../storedRun';
import { useSession } from '../useSession';

describe('Restricted Mode', () => {
  const at = useSession({ restricted: true });

  it('shows runs and checkpoints but does not train, and says why', async () => {
    const { workspace, workbench } = await at.window(async (folder) => {
      await storedRun(folder);
      await folder.experiment('mine');
    });
    await workbench.statusBar(/Restricted Mode/);
    await workbench.openContainer('Mnemonics');
    await workbench.treeRows('Runs').filter({ hasText: 'stored-20260101-120000' }).waitFor();
    assert.ok(
      !(await commandsLike(workbench.page, 'Mnemonics: ')).includes('Mnemonics: Start Run'),
      'the palette hides what does not work',
    );
    await workbench.openFile('mine.mnemonics.json');
    await workbench.page.locator('.codelens-decoration a', { hasText: 'Run' }).click();
    await workbench.toast(/Training needs a trusted folder, because it starts a process and writes files/);
    assert.equal((await workspace.runs()).length, 1);
    await workbench.openFile('model.safetensors');
    await (await workbench.webview('main header.file-header')).getByText('conv1.weight').first().waitFor();
  });

  it('trains as soon as the folder is trusted', async () => {
    const { workspace, workbench } = await at.window(({ experiment }) => experiment('trusted'));
    await workbench.openFile('trusted.mnemonics.json');
    await workbench.page.locator('.codelens-decoration a', { hasText: 'Run' }).click();
    await (await workbench.toast(/Training needs a trusted folder/)).getByRole('button', { name: 'Manage Workspace Trust' }).click();
    await workbench.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    await workbench.command('Mnemonics: Start Run');
    await workbench.webview('main.dashboard');
    assert.equal((await workspace.runs()).length, 1);
  });
});
