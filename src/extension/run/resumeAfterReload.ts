import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { RUN_FILES } from '../../protocol/runLayout';
import { resumeTells } from '../../store/checkLog';
import { readCondensed } from '../../store/readHistory';
import { isRunAlive } from '../../store/runLock';
import { type RunController } from './runController';
import { type RunMemory } from './runMemory';

/** A process that was let go ends after its current step and a resume point. */
const LOCK_PATIENCE_MS = 20_000;

/**
 * A run must not be lost when its window reloads, and no process may be left without a window. So the process ends with a
 * resume point when the window goes, and the next window of the workspace goes on with it. That is why the extension is
 * activated after start-up (`onStartupFinished`) and not only when one of its views is opened.
 */
export function rememberRuns(controller: RunController, memory: RunMemory): vscode.Disposable {
  return vscode.Disposable.from(
    controller.onDidStart((run) => memory.remember(run.runDir)),
    controller.onDidEnd(() => memory.forget()),
  );
}

/** Goes on with the run that the last window of this workspace left, if there is one. */
export async function resumeLeftRun(controller: RunController, memory: RunMemory, log: vscode.LogOutputChannel): Promise<void> {
  const runDir = memory.recall();
  if (runDir === undefined || !vscode.workspace.isTrusted || controller.current) return;
  const wanted = vscode.workspace.getConfiguration('mnemonics').get<boolean>('resumeAfterReload', true);
  if (!wanted || !existsSync(path.join(runDir, RUN_FILES.run))) return memory.forget();
  if (!(await lockReleased(runDir))) return tellAlive(runDir);
  // The process may have finished its last step and the run with it.
  const before = await readCondensed(runDir, resumeTells);
  const last = before.at(-1);
  if (last?.kind === 'run-ended' && last.outcome !== 'stopped') return memory.forget();
  // The user may have started another run meanwhile.
  if (controller.current) return;
  log.info(`Going on with ${runDir} after the window was closed or reloaded.`);
  controller.resume(runDir, before);
  await tellResumed(runDir);
}

async function lockReleased(runDir: string): Promise<boolean> {
  for (const deadline = Date.now() + LOCK_PATIENCE_MS; Date.now() < deadline; await sleep(200)) {
    if (!(await isRunAlive(runDir))) return true;
  }
  return false;
}

async function tellResumed(runDir: string): Promise<void> {
  const open = vscode.l10n.t('Open Dashboard');
  const stop = vscode.l10n.t('Stop');
  const sentence = vscode.l10n.t('{0} goes on after the window was closed or reloaded.', path.basename(runDir));
  const choice = await vscode.window.showInformationMessage(sentence, open, stop);
  if (choice === open) await vscode.commands.executeCommand('mnemonics.openDashboard', runDir);
  if (choice === stop) await vscode.commands.executeCommand('mnemonics.stop');
}

async function tellAlive(runDir: string): Promise<void> {
  const open = vscode.l10n.t('Open Dashboard');
  const sentence = vscode.l10n.t('{0} is still written by another process, so this window only watches it.', path.basename(runDir));
  if ((await vscode.window.showInformationMessage(sentence, open)) === open)
    await vscode.commands.executeCommand('mnemonics.openDashboard', runDir);
}
