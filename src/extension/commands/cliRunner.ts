import * as vscode from 'vscode';
import { childEnvironment, INSIDE_ELECTRON } from '../process/childEnvironment';
import { cliCommand, type CliResult } from '../process/cliCommand';
import { lastLine } from './importCall';

/** Runs commands of the command line to their end. */
export interface CliRunner {
  run(args: string[], signal?: AbortSignal, onLine?: (line: string) => void): Promise<CliResult>;
  /** With a notification that shows the command's lines and can cancel it. @returns undefined where it was cancelled */
  runShown(title: string, args: string[]): Promise<CliResult | undefined>;
}

/** @param log where each line of a command's output goes, too */
export function cliRunner(cli: string, log: vscode.LogOutputChannel): CliRunner {
  const run: CliRunner['run'] = (args, signal, onLine) =>
    cliCommand({
      cli,
      args,
      env: childEnvironment(process.env, { installs: true, insideElectron: INSIDE_ELECTRON }),
      ...(signal ? { signal } : {}),
      onLine: (line) => {
        log.info(line);
        onLine?.(line);
      },
    });
  return {
    run,
    async runShown(title, args) {
      const where = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
      return vscode.window.withProgress(where, async (progress, token) => {
        const abort = new AbortController();
        token.onCancellationRequested(() => abort.abort());
        const result = await run(args, abort.signal, (message) => progress.report({ message }));
        return token.isCancellationRequested ? undefined : result;
      });
    },
  };
}

/** Why a command failed, in its own words where it had any. */
export const failureOf = ({ code, stderr }: CliResult): string =>
  lastLine(stderr) ?? vscode.l10n.t('The command ended with exit code {0}.', String(code));

/** Shows an error with further actions and the log. @returns the action that was chosen */
export async function showFailure(sentence: string, ...actions: readonly string[]): Promise<string | undefined> {
  const showLog = vscode.l10n.t('Show Log');
  const chosen = await vscode.window.showErrorMessage(sentence, ...actions, showLog);
  if (chosen === showLog) await vscode.commands.executeCommand('mnemonics.showLog');
  return chosen;
}
