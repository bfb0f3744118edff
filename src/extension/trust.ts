import * as vscode from 'vscode';

/**
 * Says why something is not done in Restricted Mode and offers the way out. Menus hide such commands; a code lens, the side
 * panel and other extensions can still reach them.
 * @param what starts the sentence, such as `Training`.
 */
export function trusted(what: string): boolean {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const sentence = vscode.l10n.t(
    '{0} needs a trusted folder, because it starts a process and writes files: trust this folder first.',
    what,
  );
  void vscode.window.showWarningMessage(sentence, manage).then((choice) => {
    if (choice === manage) void vscode.commands.executeCommand('workbench.trust.manage');
  });
  return false;
}
