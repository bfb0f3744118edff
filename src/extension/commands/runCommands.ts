import * as vscode from 'vscode';
import { type IntentBody } from '../../protocol/childMessages';
import { toErrorInfo } from '../../protocol/errors';
import { resumeTells } from '../../store/checkLog';
import { readCondensed } from '../../store/readHistory';
import { type Dashboards } from '../dashboard/dashboards';
import { type RunController } from '../run/runController';
import { trusted } from '../trust';
import { pickRun, runDirOf, type RunArgument } from './chosenRun';

/** The run of this window: pause, resume, stop; and going on with one that is stored. */
export function registerRunCommands(controller: RunController, dashboards: Dashboards): vscode.Disposable {
  const intend = (body: IntentBody) => async () => {
    const result = await controller.send(body);
    if (!result.ok) void vscode.window.showWarningMessage(result.error.message);
  };
  const { registerCommand } = vscode.commands;
  return vscode.Disposable.from(
    registerCommand('mnemonics.pause', intend({ intent: 'pause' })),
    registerCommand('mnemonics.resume', intend({ intent: 'resume' })),
    registerCommand('mnemonics.stop', intend({ intent: 'stop' })),
    registerCommand('mnemonics.resumeRun', (argument?: RunArgument) => resumeRun(controller, dashboards, argument)),
    // Offered where resuming was refused; not in the palette.
    registerCommand('mnemonics.resumeRunOnThisEngine', (runDir: string) => resumeRun(controller, dashboards, runDir, true)),
  );
}

async function resumeRun(controller: RunController, dashboards: Dashboards, argument: RunArgument, onThisEngine = false): Promise<void> {
  if (!trusted(vscode.l10n.t('Training'))) return;
  const resumable = ['stopped', 'interrupted', 'failed'];
  const runDir =
    runDirOf(argument) ?? (await pickRun(vscode.l10n.t('Choose the run to go on with'), ({ state }) => resumable.includes(state)));
  if (runDir === undefined) return;
  try {
    controller.resume(runDir, await readCondensed(runDir, resumeTells), onThisEngine);
    dashboards.show(runDir);
  } catch (error) {
    void vscode.window.showErrorMessage(toErrorInfo(error).message);
  }
}
