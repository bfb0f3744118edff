import assert from 'node:assert/strict';
import path from 'node:path';
import { eventually } from '../eventually';
import { storedRun } from '../storedRun';
import { useSession } from '../useSession';

describe('files of a workspace', () => {
  const at = useSession();

  it('are edited by the side panel field by field, keep their comments, and undo takes an edit back', async () => {
    const { workspace, workbench } = await at.window(({ experiment }) => experiment('form'));
    await workbench.openFile('form.mnemonics.json');
    await workbench.openContainer('Mnemonics');
    const panel = await workbench.webview('main.panel');
    const before = await workspace.text('form.mnemonics.json');
    await panel.getByRole('spinbutton', { name: /Classification weight/ }).fill('0.25');
    const after = before.replace('"lambda": 0.5', '"lambda": 0.25');
    await eventually('the edit in the file', async () => (await workspace.text('form.mnemonics.json')) === after);
    await workbench.page.locator('.editor-instance .view-lines').click();
    await workbench.page.keyboard.press('Control+Z');
    await workbench.page.keyboard.press('Control+S');
    await eventually('the undo in the file', async () => (await workspace.text('form.mnemonics.json')) === before);
    await eventually(
      'the old value in the form',
      async () => (await panel.getByRole('spinbutton', { name: /Classification weight/ }).inputValue()) === '0.5',
    );
  });

  it('keep unsaved what a user had not saved when the side panel edits them', async () => {
    const { workspace, workbench } = await at.window(({ experiment }) => experiment('dirty'));
    await workbench.openFile('dirty.mnemonics.json');
    await workbench.openContainer('Mnemonics');
    const panel = await workbench.webview('main.panel');
    const before = await workspace.text('dirty.mnemonics.json');
    await workbench.page.locator('.editor-instance .view-lines').click();
    await workbench.page.keyboard.press('Control+Home');
    await workbench.page.keyboard.type('// mine\n');
    await panel.getByRole('spinbutton', { name: /Classification weight/ }).fill('0.25');
    await eventually('the edit in the editor', async () => (await workbench.editorText()).includes('"lambda": 0.25'));
    assert.equal(await workspace.text('dirty.mnemonics.json'), before);
  });

  it('show a problem at its field, and where the file is no JSON above the form', async () => {
    const { workbench } = await at.window(({ experiment }) => experiment('wrong', { beta1: -1 }));
    await workbench.openFile('wrong.mnemonics.json');
    await workbench.openContainer('Mnemonics');
    const panel = await workbench.webview('main.panel');
    await panel.getByText(/must be greater than 0 \(it is -1\)/).waitFor();
    await workbench.page.locator('.editor-instance .view-lines').click();
    await workbench.page.keyboard.press('Control+Home');
    await workbench.page.keyboard.type('oops ');
    await panel.getByText(/is not JSON/).waitFor();
  });

  it('have completion and validation from the schema, and a lens that runs them', async () => {
    const { workspace, workbench } = await at.window(({ experiment }) => experiment('lens', { lamda: 0.3 }));
    await workbench.openFile('lens.mnemonics.json');
    await workbench.page.locator('.squiggly-warning, .squiggly-error').first().waitFor();
    await workbench.page.locator('.codelens-decoration a', { hasText: 'Run' }).click();
    await workbench.toast(/lens\.mnemonics\.json: "lamda" is not a field of an experiment \(did you mean "lambda"\?\)/);
    assert.deepEqual(await workspace.runs(), []);
  });

  it('are begun with a name and the demo as their content', async () => {
    const { workspace, workbench } = await at.window(({ experiment }) => experiment('taken'));
    await workbench.command('Mnemonics: New Experiment File');
    await workbench.page.locator('.quick-input-widget input.input').fill('taken');
    await workbench.page.getByText('This file exists already; take another name.').first().waitFor();
    await workbench.answer('mine');
    await eventually('the file in the editor', async () => (await workbench.editorText()).includes('"name": "mine"'));
    assert.match(await workspace.text('mine.mnemonics.json'), /"name": "mine"/);
  });

  it('open as a table of tensors with their statistics where they are checkpoints', async () => {
    const { workspace, workbench } = await at.window((folder) => storedRun(folder));
    await workbench.openFile('model.safetensors');
    const editor = await workbench.webview('main header.file-header');
    await editor.getByText(/· checksum matches/).waitFor();
    const row = editor.getByRole('row').filter({ hasText: /^conv1\.weight/ });
    await row.waitFor();
    await row.click();
    await editor
      .getByText(/standard deviation/i)
      .first()
      .waitFor();
    assert.equal((await workspace.runs()).length, 1);
  });

  it('open as a grid before and after where they hold exemplars', async () => {
    const { workbench } = await at.window((folder) => storedRun(folder));
    await workbench.openFile('exemplars.safetensors');
    const editor = await workbench.webview('main header.file-header');
    await editor.getByText(/· stored exemplars/).waitFor();
    await editor.locator('canvas').first().waitFor();
  });

  it('tell what is wrong with them where they are damaged', async () => {
    const { workbench } = await at.window(({ write }) => write('damaged.safetensors', 'not a checkpoint'));
    await workbench.openFile('damaged.safetensors');
    const editor = await workbench.webview('#app');
    await editor.getByText(/damaged\.safetensors can't be read: /).waitFor();
  });

  it('of a stored run open from the Runs view: dashboard, checkpoint, report', async () => {
    const { workspace, workbench } = await at.window((folder) => storedRun(folder));
    await workbench.openContainer('Mnemonics');
    const name = path.basename(await workspace.run());
    const row = workbench.treeRows('Runs').filter({ hasText: name });
    await row.hover();
    await row.getByRole('button', { name: 'Open Dashboard' }).click();
    const dashboard = await workbench.webview('main.dashboard');
    await dashboard.getByText('Completed', { exact: true }).first().waitFor();
    await dashboard.getByRole('button', { name: 'Save Report' }).click();
    await workbench.page.getByRole('button', { name: 'OK' }).click();
    await workbench.toast(/The report of .* is saved/);
    assert.match(await workspace.text(`runs/${name}.html`), /mnemonics-report-data/);
    await row.locator('.monaco-tl-twistie').click();
    await workbench.treeRows('Runs').filter({ hasText: 'Phase 0' }).locator('.monaco-tl-twistie').click();
    await workbench.treeRows('Runs').filter({ hasText: 'exemplars' }).first().click();
    await (await workbench.webview('main header.file-header')).getByText(/· stored exemplars/).waitFor();
  });

  it('of several runs are compared in one page', async () => {
    const { workspace, workbench } = await at.window(async (folder) => {
      await storedRun(folder, 'first');
      await storedRun(folder, 'second');
    });
    await workbench.command('Mnemonics: Compare Runs');
    await workbench.pick('first');
    await workbench.pick('second');
    await workbench.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    await workbench.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    await workbench.toast(/The report of comparison of 2 runs is saved/);
    assert.match(await workspace.text('runs/comparison-of-2-runs.html'), /first, second|second, first/);
  });

  it('of a run are deleted with a question first', async () => {
    const { workspace, workbench } = await at.window((folder) => storedRun(folder));
    await workbench.openContainer('Mnemonics');
    const row = workbench.treeRows('Runs').filter({ hasText: path.basename(await workspace.run()) });
    await workbench.choose(row, 'Delete Run');
    await workbench.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Move to Trash' }).click();
    const forGood = workbench.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Delete for Good' });
    await eventually('the end of the run folder', async () => {
      if (await forGood.isVisible()) await forGood.click();
      return (await workspace.runs()).length === 0;
    });
    await row.waitFor({ state: 'detached' });
  });
});
