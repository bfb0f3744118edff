import * as vscode from 'vscode';
import { type RunView } from '../protocol/runView';
import { progressLine } from './run/figures';
import { type RunController } from './run/runController';

/** Engine, phase, percent and time left of the run of this window; a click opens its dashboard. Hidden until something ran. */
export function createStatusBar(controller: RunController): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('mnemonics.progress', vscode.StatusBarAlignment.Left, 10);
  item.name = vscode.l10n.t('Mnemonics run');
  const show = (runDir: string, view: RunView | null, icon: string) => {
    item.text = view ? `${icon} ${progressLine(view)}` : `${icon} ${vscode.l10n.t('Mnemonics: starting')}`;
    item.tooltip = vscode.l10n.t('{0}: open the dashboard', view?.runId ?? 'Mnemonics');
    item.accessibilityInformation = { label: view ? `Mnemonics: ${progressLine(view)}` : 'Mnemonics: starting' };
    item.command = { command: 'mnemonics.openDashboard', title: vscode.l10n.t('Open Dashboard'), arguments: [runDir] };
    item.show();
  };
  return vscode.Disposable.from(
    item,
    controller.onDidStart((run) => show(run.runDir, run.view, '$(sync~spin)')),
    controller.onDidProgress(() => {
      const run = controller.current;
      if (run) show(run.runDir, run.view, run.view?.state === 'paused' ? '$(debug-pause)' : '$(sync~spin)');
    }),
    controller.onDidEnd(({ run, end }) => show(run.runDir, run.view, ICONS[end.outcome ?? 'failed'])),
  );
}

const ICONS = { completed: '$(check)', stopped: '$(debug-stop)', failed: '$(error)' } as const;
