import * as vscode from 'vscode';
import { describeDataSet } from '../../protocol/dataSets/registry';
import { trusted } from '../trust';
import { cliRunner, failureOf, showFailure } from './cliRunner';
import { importArguments, importableSets, lastLine, needsForce, type ImportChoice } from './importCall';

/** Asks for a data set and where the user has it, and imports it: the command line's own job. */
export function registerImportDataSet(cli: string, log: vscode.LogOutputChannel): vscode.Disposable {
  const { runShown } = cliRunner(cli, log);

  const importShown = async (choice: ImportChoice): Promise<void> => {
    const result = await runShown(vscode.l10n.t('Importing {0}', choice.name), importArguments(choice));
    if (!result) return;
    if (result.code === 0) {
      void vscode.window.showInformationMessage(lastLine(result.stdout) ?? vscode.l10n.t('{0} is imported.', choice.name));
      return;
    }
    const replace = vscode.l10n.t('Replace');
    const actions = needsForce(result) && !choice.force ? [replace] : [];
    const chosen = await showFailure(failureOf(result).replace(/^mnemonics: /, ''), ...actions);
    if (chosen === replace) await importShown({ ...choice, force: true });
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
