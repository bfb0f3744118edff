import path from 'node:path';
import * as vscode from 'vscode';
import { toErrorInfo } from '../../protocol/errors';
import { type BothClassifiers } from '../../protocol/metrics';
import { fromDashboardSchema, type FromDashboard, type ToDashboard } from '../../protocol/webviewMessages';
import { readExemplarPixels } from '../../store/exemplarFile';
import { readEvaluation } from '../../store/readEvaluation';
import { type RunController } from '../run/runController';
import { fillWebview } from '../webviewPage';
import { exhausted } from '../exhausted';
import { FollowedRun } from './followedRun';

export const DASHBOARD_VIEW_TYPE = 'mnemonics.dashboard';

/** The dashboard of one run: sends its page snapshots and what comes after, and carries the page's intents out. */
export class DashboardPanel implements vscode.Disposable {
  private readonly followed: FollowedRun;
  private readonly disposables: vscode.Disposable[] = [];

  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly runDir: string,
    private readonly controller: RunController,
    extension: vscode.Uri,
  ) {
    this.followed = new FollowedRun(runDir, controller, (message) => this.post(message));
    panel.title = path.basename(runDir);
    const icon = (theme: string) => vscode.Uri.joinPath(extension, 'media', `dashboard-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    this.disposables.push(
      // The page is ours and is built with this file, so another message is a mistake to be seen, not to be guessed at.
      panel.webview.onDidReceiveMessage((message: unknown) => this.carryOut(fromDashboardSchema.parse(message))),
      // A hidden page is gone, not asleep: it asks for a snapshot when it comes back.
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.followed.pause();
      }),
      panel.onDidDispose(() => this.dispose()),
    );
    fillWebview(panel.webview, extension, 'dashboard');
  }

  dispose(): void {
    this.followed.dispose();
    vscode.Disposable.from(...this.disposables.splice(0)).dispose();
  }

  private async carryOut(message: FromDashboard): Promise<void> {
    switch (message.type) {
      case 'ready':
        return this.followed.restart();
      case 'get-exemplars':
        return this.sendExemplars(message.phase);
      case 'get-confusion':
        return this.sendConfusion(message.phase, message.metrics);
      case 'intent': {
        const { id, ...body } = message.intent;
        const result = await this.controller.send(body);
        return this.post({ type: 'reply', id, error: result.ok ? null : result.error });
      }
      case 'open-checkpoint':
        return void (await vscode.commands.executeCommand(
          'mnemonics.openCheckpoint',
          vscode.Uri.file(path.resolve(this.runDir, message.path)),
        ));
      case 'command':
        return void (await vscode.commands.executeCommand(
          COMMANDS[message.command],
          message.command === 'start-run' ? undefined : this.runDir,
        ));
      default:
        return exhausted(message);
    }
  }

  private async sendExemplars(phase: number): Promise<void> {
    try {
      this.post({ type: 'exemplars', phase, pixels: await readExemplarPixels(this.runDir, phase), error: null });
    } catch (error) {
      this.post({ type: 'exemplars', phase, pixels: null, error: toErrorInfo(error) });
    }
  }

  private async sendConfusion(phase: number, metrics: BothClassifiers): Promise<void> {
    try {
      const { confusion } = await readEvaluation(this.runDir, phase, metrics);
      this.post({ type: 'confusion', phase, confusion, error: null });
    } catch (error) {
      this.post({ type: 'confusion', phase, confusion: null, error: toErrorInfo(error) });
    }
  }

  private post(message: ToDashboard): void {
    void this.panel.webview.postMessage(message);
  }
}

const COMMANDS = {
  'show-log': 'mnemonics.showLog',
  'save-report': 'mnemonics.saveReport',
  'resume-run': 'mnemonics.resumeRun',
  'start-run': 'mnemonics.startRun',
} as const;
