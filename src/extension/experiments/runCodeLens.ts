import * as vscode from 'vscode';
import { EXPERIMENT_SUFFIX } from '../../protocol/runLayout';

/** "Run" above the first line of an experiment file. */
export function registerRunCodeLens(): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(
    { pattern: `**/*${EXPERIMENT_SUFFIX}`, scheme: 'file' },
    {
      provideCodeLenses: ({ uri }) => [
        new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
          title: `$(play) ${vscode.l10n.t('Run')}`,
          command: 'mnemonics.startRun',
          arguments: [uri],
        }),
      ],
    },
  );
}
