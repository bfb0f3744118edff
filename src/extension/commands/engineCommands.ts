import * as vscode from 'vscode';
import { trusted } from '../trust';
import { cliRunner, failureOf, showFailure } from './cliRunner';
import { lastLine } from './importCall';

/** Which engine would run, and the installation of the native one. Both are the command line's own jobs. */
export function registerEngineCommands(cli: string, log: vscode.LogOutputChannel): vscode.Disposable {
  const { runShown } = cliRunner(cli, log);

  const showEngine = async () => {
    if (!trusted(vscode.l10n.t('Measuring an engine'))) return;
    const result = await runShown(vscode.l10n.t('Trying the engines …'), ['engine']);
    if (!result) return;
    if (result.code !== 0) return void (await showFailure(failureOf(result)));
    log.show(true);
  };

  const installEngine = async () => {
    if (!trusted(vscode.l10n.t('Installing an engine'))) return;
    const result = await runShown(vscode.l10n.t('Installing the native engine'), ['engine', 'install']);
    if (!result) return;
    if (result.code !== 0) return void (await showFailure(failureOf(result)));
    void vscode.window.showInformationMessage(lastLine(result.stdout) ?? vscode.l10n.t('The native engine is installed.'));
  };

  return vscode.Disposable.from(
    vscode.commands.registerCommand('mnemonics.showEngine', showEngine),
    vscode.commands.registerCommand('mnemonics.installEngine', installEngine),
  );
}
