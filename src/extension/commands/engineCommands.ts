import * as vscode from 'vscode';
import { childEnvironment } from '../process/childEnvironment';
import { cliCommand, type CliResult } from '../process/cliCommand';
import { trusted } from '../trust';
import { lastLine } from './importCall';

/** Which engine would run, and the installation of the native one. Both are the command line's own jobs. */
export function registerEngineCommands(cli: string, log: vscode.LogOutputChannel): vscode.Disposable {
  const run = (args: string[], signal?: AbortSignal, onLine?: (line: string) => void): Promise<CliResult> =>
    cliCommand({
      cli,
      args,
      env: childEnvironment(process.env, process.versions.electron !== undefined),
      ...(signal ? { signal } : {}),
      onLine: (line) => {
        log.info(line);
        onLine?.(line);
      },
    });
  const fail = (result: CliResult) =>
    showFailure(lastLine(result.stderr) ?? vscode.l10n.t('The command ended with exit code {0}.', String(result.code)));

  const showEngine = async () => {
    if (!trusted(vscode.l10n.t('Measuring an engine'))) return;
    const title = vscode.l10n.t('Trying the engines …');
    const result = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () => run(['engine']));
    if (result.code !== 0) return fail(result);
    log.show(true);
  };

  const installEngine = async () => {
    if (!trusted(vscode.l10n.t('Installing an engine'))) return;
    const title = vscode.l10n.t('Installing the native engine');
    const where = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    const { result, cancelled } = await vscode.window.withProgress(where, async (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const ended = await run(['engine', 'install'], abort.signal, (message) => progress.report({ message }));
      return { result: ended, cancelled: token.isCancellationRequested };
    });
    if (cancelled) return;
    if (result.code !== 0) return fail(result);
    void vscode.window.showInformationMessage(lastLine(result.stdout) ?? vscode.l10n.t('The native engine is installed.'));
  };

  return vscode.Disposable.from(
    vscode.commands.registerCommand('mnemonics.showEngine', showEngine),
    vscode.commands.registerCommand('mnemonics.installEngine', installEngine),
  );
}

async function showFailure(sentence: string): Promise<void> {
  const showLog = vscode.l10n.t('Show Log');
  if ((await vscode.window.showErrorMessage(sentence, showLog)) === showLog) await vscode.commands.executeCommand('mnemonics.showLog');
}
