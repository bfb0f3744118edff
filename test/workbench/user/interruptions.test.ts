import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { beganWithSevenThreads } from '../../runs/support/editRun';
import { type TestWorkspace, isAlive } from '../workspace';
import { useSession } from '../useSession';
import { eventually } from '../eventually';

/** Waits until the run has taken some steps, and gives the number of its process. */
async function steps(workspace: TestWorkspace): Promise<number> {
  await eventually(
    'the first progress',
    async () => (await workspace.runs()).length === 1 && (await workspace.events()).some(({ kind }) => kind === 'progress'),
  );
  return eventually('the process that writes the run', () => workspace.trainerPid());
}

const seqs = async (workspace: TestWorkspace) => (await workspace.events()).map(({ seq }) => seq);

describe('a run that is interrupted', () => {
  const at = useSession();

  it('tells in one sentence how its process was killed, and goes on from there', async () => {
    const { workspace, workbench } = await at.window(({ longExperiment }) => longExperiment('killed'));
    await workbench.command('Mnemonics: Start Run');
    process.kill(await steps(workspace), 'SIGKILL');
    const toast = await workbench.toast(/The training process was killed by signal SIGKILL/);
    const before = (await workspace.events()).length;
    await toast.getByRole('button', { name: 'Resume Run' }).click();
    await eventually('that it goes on', async () => (await workspace.events()).slice(before).some(({ kind }) => kind === 'progress'));
    const events = await workspace.events();
    assert.ok(events.some(({ kind }) => kind === 'run-continued'));
    assert.deepEqual(
      await seqs(workspace),
      events.map((_, i) => i),
      'no event is lost or told twice',
    );
    await workbench.command('Mnemonics: Stop');
    await workbench.toast(/is stopped; it can be resumed/);
  });

  it('is refused where the engine is another one, in a sentence that offers to go on with it', async () => {
    const { workspace, workbench } = await at.window(({ longExperiment }) => longExperiment('elsewhere'));
    await workbench.command('Mnemonics: Start Run');
    await steps(workspace);
    await workbench.command('Mnemonics: Stop');
    const stopped = await workbench.toast(/is stopped; it can be resumed/);
    beganWithSevenThreads(await workspace.run());
    await stopped.getByRole('button', { name: 'Resume Run' }).click();
    const refused = await workbench.toast(/began with threads 7, here it is \d+;/);
    const before = (await workspace.events()).length;
    await refused.getByRole('button', { name: 'Resume on This Engine' }).click();
    await eventually('that it goes on', async () => (await workspace.events()).slice(before).some(({ kind }) => kind === 'progress'));
    const dashboard = await workbench.webview('main.dashboard');
    await dashboard.getByText(/continued on another engine: threads 7 → \d+/).waitFor();
    await workbench.command('Mnemonics: Stop');
    await workbench.toast(/is stopped; it can be resumed/);
  });

  it('goes on by itself with its whole history when the window reloads', async () => {
    const { workspace, workbench } = await at.window(({ longExperiment }) => longExperiment('reloaded'));
    await workbench.command('Mnemonics: Start Run');
    await workbench.webview('main.dashboard');
    const first = await steps(workspace);
    await workbench.command('Developer: Reload Window');
    await eventually('the end of the first process', () => !isAlive(first));
    await workbench.ready();
    await workbench.toast(/reloaded-\d{8}-\d{6} goes on after the window was closed or reloaded/);
    const dashboard = await workbench.webview('main.dashboard');
    await dashboard.getByRole('button', { name: 'Pause' }).waitFor();
    const events = await eventually('steps of the second process', async () => {
      const all = await workspace.events();
      const continued = all.findIndex(({ kind }) => kind === 'run-continued');
      return continued > 0 && all.slice(continued).some(({ kind }) => kind === 'progress') && all;
    });
    assert.equal(events[0]?.kind, 'run-started');
    assert.equal((await workspace.runs()).length, 1);
    assert.notEqual(await workspace.trainerPid(), first);
    await workbench.command('Mnemonics: Stop');
    await workbench.toast(/is stopped; it can be resumed/);
    await workbench.page.reload();
    await workbench.ready();
    await workbench.page.waitForTimeout(3000);
    assert.deepEqual(await workspace.trainerPids(), [], 'what the user stopped stays stopped');
  });

  it('leaves no process behind when the extension host is killed', async () => {
    const { workspace, workbench } = await at.window(({ longExperiment }) => longExperiment('orphan'));
    await workbench.command('Mnemonics: Start Run');
    const trainer = await steps(workspace);
    process.kill(await parentOf(trainer), 'SIGKILL');
    await eventually('the end of the trainer', () => !isAlive(trainer), 20_000);
    // The workbench may start another host meanwhile, whose extension goes on with the run.
    const ends = (await workspace.events()).map((event) => event.kind === 'run-ended' && event.outcome).filter(Boolean);
    assert.deepEqual(ends, ['stopped'], 'it wrote a resume point and said so');
  });
});

async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]);
}
