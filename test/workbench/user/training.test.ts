import assert from 'node:assert/strict';
import { useSession } from '../useSession';
import { eventually } from '../eventually';
import { isAlive } from '../workspace';

describe('a run, started and watched by a user', () => {
  const at = useSession();

  it('goes from the palette to its end, seen in dashboard, status bar and Runs', async () => {
    const { workspace, workbench } = await at.window(({ experiment }) => experiment('tiny', { epochs: 6 }));
    await workbench.openContainer('Mnemonics');
    await workbench.command('Mnemonics: Start Run');
    const dashboard = await workbench.webview('main.dashboard');
    await dashboard.getByRole('button', { name: 'Pause' }).waitFor();
    await workbench.statusBar(/wasm · phase [01]\/1 · \d+ %/);
    await workbench.toast(/tiny-\d{8}-\d{6} is complete: average accuracy \d/, 90_000);
    await dashboard.getByText('Completed', { exact: true }).first().waitFor();
    await workbench.statusBar(/completed · 100 %/);
    const row = workbench.treeRows('Runs').filter({ hasText: /tiny-.*Ā \d/ });
    await row.waitFor();
    // The tree reads the folder once the process has ended, which the notification does not wait for.
    await eventually('the tree to say that the run is complete', async () =>
      /completed, average accuracy \d/.test((await row.getAttribute('aria-label')) ?? ''),
    );
    await row.locator('.monaco-tl-twistie').click();
    await workbench
      .treeRows('Runs')
      .filter({ hasText: /Phase 1\s*\d/ })
      .waitFor();
    const kinds = (await workspace.events()).map(({ kind }) => kind);
    assert.deepEqual([kinds[0], kinds.at(-1)], ['run-started', 'run-ended']);
  });

  it('is chosen among several experiment files by name, and the others stay as they are', async () => {
    const { workspace, workbench } = await at.window(async ({ experiment, longExperiment }) => [
      await experiment('first'),
      await longExperiment('second'),
    ]);
    await workbench.command('Mnemonics: Start Run');
    await workbench.pick(/second/);
    await workbench.webview('main.dashboard');
    assert.match(await workspace.run(), /second-\d{8}-\d{6}$/);
    await workbench.command('Mnemonics: Stop');
    await workbench.toast(/is stopped; it can be resumed/);
  });

  it('pauses, goes on and stops when the user says so', async () => {
    const { workspace, workbench } = await at.window(({ longExperiment }) => longExperiment('long'));
    await workbench.command('Mnemonics: Start Run');
    const dashboard = await workbench.webview('main.dashboard');
    await eventually('the first progress', async () => (await workspace.events()).some(({ kind }) => kind === 'progress'));
    await dashboard.getByRole('button', { name: 'Pause' }).click();
    await dashboard.getByText('Paused', { exact: true }).first().waitFor();
    await workbench.statusBar(/paused/);
    const paused = await workspace.events();
    await workbench.page.waitForTimeout(1500);
    assert.equal((await workspace.events()).length, paused.length, 'nothing happens while paused');
    await workbench.command('Mnemonics: Resume');
    await dashboard.getByText('Running', { exact: true }).first().waitFor();
    await eventually('more progress', async () => (await workspace.events()).length > paused.length + 1);
    const pid = await workspace.trainerPid();
    await dashboard.getByRole('button', { name: 'Stop' }).click();
    await workbench.toast(/is stopped; it can be resumed/);
    assert.ok(pid !== undefined && !isAlive(pid), 'the process is gone');
    const last = (await workspace.events()).at(-1);
    assert.ok(last?.kind === 'run-ended' && last.outcome === 'stopped');
  });

  it('runs alone: a second start says which run is going on', async () => {
    const { workspace, workbench } = await at.window(({ longExperiment }) => longExperiment('only'));
    await workbench.command('Mnemonics: Start Run');
    await workbench.webview('main.dashboard');
    await workbench.command('Mnemonics: Start Run');
    const toast = await workbench.toast(/only-\d{8}-\d{6} is running in this window/);
    assert.equal((await workspace.runs()).length, 1);
    await toast.getByRole('button', { name: 'Stop It' }).click();
    await workbench.toast(/is stopped; it can be resumed/);
  });

  it('takes a new λ while it runs and records it', async () => {
    const { workspace, workbench } = await at.window(({ longExperiment }) => longExperiment('live'));
    await workbench.openContainer('Mnemonics');
    await workbench.command('Mnemonics: Start Run');
    const panel = await workbench.webview('main.panel');
    await panel.getByText('The running run has 0.5.').waitFor();
    await panel.getByRole('spinbutton', { name: /Classification weight/ }).fill('0.8');
    await panel.getByRole('button', { name: /Apply/ }).first().click();
    await panel.getByText('Applied; it holds from the next step.').waitFor();
    const change = (await workspace.events()).find(({ kind }) => kind === 'setting-changed');
    assert.ok(change?.kind === 'setting-changed' && change.value === 0.8 && change.previous === 0.5);
    await workbench.command('Mnemonics: Stop');
    await workbench.toast(/is stopped; it can be resumed/);
  });

  it('needs no file: the demo is created where there is none', async () => {
    const { workspace, workbench } = await at.window(() => undefined);
    await workbench.command('Mnemonics: Start Run');
    await (await workbench.toast(/has no experiment file/)).getByRole('button', { name: 'Create Demo' }).click();
    await workbench.webview('main.dashboard');
    assert.match(await workspace.text('demo.mnemonics.json'), /"name": "demo"/);
    assert.doesNotMatch(await workspace.text('demo.mnemonics.json'), /\$schema/);
    await workbench.command('Mnemonics: Stop');
    await workbench.toast(/is stopped; it can be resumed/);
  });

  it('says which engine it would use, and why', async () => {
    const { workbench } = await at.window(() => undefined);
    await workbench.command('Mnemonics: Show Engine');
    const said = await eventually('the engines in the log', async () => {
      const text = (await workbench.outputLines()).join('\n').replaceAll('\u00a0', ' ');
      return text.includes('images/s') && text;
    });
    assert.match(said, /wasm +used by default/);
  });

  it('does not begin with a wrong value, and says which', async () => {
    const { workspace, workbench } = await at.window(({ experiment }) => experiment('wrong', { lambda: 7 }));
    await workbench.command('Mnemonics: Start Run');
    await workbench.toast(/wrong\.mnemonics\.json: "lambda" must be at most 1 \(it is 7\)/);
    assert.deepEqual(await workspace.runs(), []);
  });
});
