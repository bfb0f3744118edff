import * as vscode from 'vscode';
import { describeDataSet } from '../../protocol/dataSets/registry';
import { childEnvironment } from '../process/childEnvironment';
import { cliCommand, type CliResult } from '../process/cliCommand';
import { trusted } from '../trust';
import { importArguments, importableSets, lastLine, needsForce, type ImportChoice } from './importCall';

/** Asks for a data set and where the user has it, and imports it: the command line's own job. */
export function registerImportDataSet(cli: string, log: vscode.LogOutputChannel): vscode.Disposable {
  const run = (args: string[], signal: AbortSignal, onLine: (line: string) => void): Promise<CliResult> =>
    cliCommand({
      cli,
      args,
      env: childEnvironment(process.env, process.versions.electron !== undefined),
      signal,
      onLine: (line) => {
        log.info(line);
        onLine(line);
      },
    });

  const importShown = async (choice: ImportChoice): Promise<void> => {
    const title = vscode.l10n.t('Importing {0}', choice.name);
    const where = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    const { result, cancelled } = await vscode.window.withProgress(where, async (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const ended = await run(importArguments(choice), abort.signal, (message) => progress.report({ message }));
      return { result: ended, cancelled: token.isCancellationRequested };
    });
    if (cancelled) return;
    if (result.code === 0) {
      void vscode.window.showInformationMessage(lastLine(result.stdout) ?? vscode.l10n.t('{0} is imported.', choice.name));
      return;
    }
    const sentence = (lastLine(result.stderr) ?? vscode.l10n.t('The command ended with exit code {0}.', String(result.code))).replace(
      /^mnemonics: /,
      '',
    );
    const [replace, showLog] = [vscode.l10n.t('Replace'), vscode.l10n.t('Show Log')];
    const chosen = await vscode.window.showErrorMessage(sentence, ...(needsForce(result) && !choice.force ? [replace] : []), showLog);
    if (chosen === replace) return importShown({ ...choice, force: true });
    if (chosen === showLog) await vscode.commands.executeCommand('mnemonics.showLog');
  };

  return vscode.commands.registerCommand('mnemonics.importDataSet', async () => {
    if (!trusted(vscode.l10n.t('Importing a data set'))) return;
    const choice = await choose();
    if (choice) await importShown(choice);
  });
}

async function choose(): Promise<ImportChoice | undefined> {
  const set = await vscode.window.showQuickPick(
    importableSets().map(({ name, title, published }) => ({ label: name, description: title, detail: published, name })),
    { placeHolder: vscode.l10n.t('Choose the data set to import'), matchOnDescription: true },
  );
  if (!set) return undefined;
  const [archive, folder] = [vscode.l10n.t('An archive …'), vscode.l10n.t('A folder …')];
  const { kind, published } = describeDataSet(set.name);
  // Folders and files can't be chosen in one dialog on every system.
  const kinds = kind === 'images' ? [folder, archive] : [archive, folder];
  const where = await vscode.window.showQuickPick(kinds, { placeHolder: vscode.l10n.t('Where do you have {0}?', published) });
  if (where === undefined) return undefined;
  const [from] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Import {0}', set.name),
      openLabel: vscode.l10n.t('Import'),
      canSelectFiles: where === archive,
      canSelectFolders: where === folder,
      ...(where === archive ? { filters: { [vscode.l10n.t('Archives')]: ['tar', 'gz', 'tgz', 'zip'] } } : {}),
    })) ?? [];
  return from && { name: set.name, from: from.fsPath, force: false };
}
