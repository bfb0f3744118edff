import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { writeReport } from '../../store/report';
import { webviewRoot } from '../webviewPage';

/** Saves the dashboard of a run, or of several compared, as one self-contained page where the user wants it. */
export async function saveReport(runDirs: readonly string[], extension: vscode.Uri): Promise<void> {
  const [first] = runDirs;
  if (first === undefined) return;
  const name = runDirs.length === 1 ? path.basename(first) : vscode.l10n.t('comparison of {0} runs', runDirs.length);
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save Report'),
    defaultUri: vscode.Uri.file(path.join(path.dirname(first), `${name.replaceAll(' ', '-')}.html`)),
    filters: { [vscode.l10n.t('Web page')]: ['html'] },
  });
  if (!target) return;
  const asset = (file: string) => readFile(path.join(webviewRoot(extension).fsPath, file), 'utf8');
  const { notices } = await writeReport(runDirs, target.fsPath, { js: await asset('report.js'), css: await asset('report.css') });
  const open = vscode.l10n.t('Open in Browser');
  const sentence = [vscode.l10n.t('The report of {0} is saved.', name), ...notices].join(' ');
  if ((await vscode.window.showInformationMessage(sentence, open)) === open) await vscode.env.openExternal(target);
}
