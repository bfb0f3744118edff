import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { TrainerProcess } from '../../../src/extension/process/trainerProcess';
import { hasEnded, ownIdentity } from '../../../src/store/processIdentity';
import { readRunSummary } from '../../../src/store/readRun';
import { SOURCE_CLI, SOURCE_ENV } from '../cli/support/runCli';
import { logged } from './support/logged';
import { experimentFile, LONG, newPath, resume, wholeRun } from './support/smallRun';
import { resultsOf } from '../support/results';

describe('A run that the editor has started', function () {
  this.timeout(120_000);
  const gone = (pid: number): boolean => hasEnded({ ...ownIdentity(), pid, startTime: null });

  it('stops by itself with a resume point where the editor is killed, leaves no process, and goes on to the same bits', async () => {
    const runDir = newPath();
    const editor = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'support', 'editor.ts'), experimentFile(LONG), runDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(editor.stdout, 'data')) as [Buffer];
    const trainer = Number(line.toString());
    await logged(runDir, '"progress"');
    editor.kill('SIGKILL');
    await once(editor, 'exit');
    while (!gone(trainer)) await wait(20);
    assert.equal((await readRunSummary(runDir, 'run')).state, 'stopped');
    assert.ok(existsSync(join(runDir, 'state.safetensors')) && !existsSync(join(runDir, 'lock.json')));
    await resume(runDir);
    assert.deepEqual(resultsOf(runDir), resultsOf(await wholeRun(LONG)));
  });

  it('is ended by SIGKILL where it hangs so that no signal reaches it, the log says so, and it goes on to the same bits', async () => {
    const runDir = newPath();
    const lines: string[] = [];
    const trainer = new TrainerProcess({
      cli: SOURCE_CLI,
      args: ['run', experimentFile(LONG), '--out', runDir, '--ipc'],
      env: SOURCE_ENV,
      onEvent: () => undefined,
      onLine: (text, from) => void (from === 'editor' && lines.push(text)),
      patience: { term: 200, kill: 200 },
    });
    await logged(runDir, '"progress"');
    process.kill(trainer.pid ?? 0, 'SIGSTOP');
    const { signal } = await trainer.stop();
    assert.equal(signal, 'SIGKILL');
    assert.deepEqual(
      lines,
      ['SIGTERM', 'SIGKILL'].map((name) => `The training process doesn't stop by itself: sending ${name}.`),
    );
    assert.ok(gone(trainer.pid ?? 0));
    assert.equal((await readRunSummary(runDir, 'run')).state, 'interrupted');
    await resume(runDir);
    assert.deepEqual(resultsOf(runDir), resultsOf(await wholeRun(LONG)));
  });
});
