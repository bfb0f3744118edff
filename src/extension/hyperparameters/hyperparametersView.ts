import * as vscode from 'vscode';
import { toErrorInfo } from '../../protocol/errors';
import { type RunEvent } from '../../protocol/events';
import { fromPanelSchema, type FromPanel, type ToPanel } from '../../protocol/webviewMessages';
import { createDemo } from '../experiments/newExperiment';
import { type RunController } from '../run/runController';
import { fillWebview } from '../webviewPage';
import { exhausted } from '../exhausted';
import { applyPreset } from './applyPreset';
import { editField } from './editField';
import { panelSnapshot } from './panelSnapshot';
import { type ShownExperiment } from './shownExperiment';

/** Events after which the running run has another config than before, or has one at all. */
const CHANGES_CONFIG: ReadonlySet<RunEvent['kind']> = new Set(['run-started', 'run-continued', 'setting-changed']);

/** The side panel: a form over an experiment file. What it shows is the file; what it does are edits of the file and intents. */
export class HyperparametersView implements vscode.WebviewViewProvider, vscode.Disposable {
  private view: vscode.WebviewView | undefined;
  private readonly disposables: vscode.Disposable[];
  /** Edits one after another: each is computed on the text that the one before left. */
  private edits: Promise<void> = Promise.resolve();
  private snapshots = 0;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly experiment: ShownExperiment,
    private readonly controller: RunController,
  ) {
    const refresh = () => void this.refresh();
    this.disposables = [
      experiment.onDidChange(refresh),
      controller.onDidStart(refresh),
      controller.onDidEnd(refresh),
      controller.onDidProgress((events) => {
        if (events.some(({ kind }) => CHANGES_CONFIG.has(kind))) refresh();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(refresh),
    ];
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    view.onDidDispose(() => (this.view = undefined));
    view.webview.onDidReceiveMessage((message: unknown) => this.receive(fromPanelSchema.parse(message)));
    fillWebview(view.webview, this.extension, 'panel');
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private async receive(message: FromPanel): Promise<void> {
    switch (message.type) {
      case 'ready':
        return this.refresh();
      case 'edit':
        this.edits = this.edits.then(() => this.edit(message.field, message.value)).catch((error: unknown) => this.fail(error));
        return this.edits;
      case 'choose-file':
        return this.choose(vscode.Uri.file(message.path));
      case 'start':
        await this.edits;
        return void (await vscode.commands.executeCommand('mnemonics.startRun', (await this.experiment.current()).shown));
      case 'create-demo': {
        const demo = await createDemo(this.extension);
        return demo && this.choose(demo);
      }
      case 'apply-preset': {
        await this.edits;
        const { shown } = await this.experiment.current();
        if (shown) await applyPreset(this.extension, shown, message.preset);
        return this.refresh();
      }
      case 'open-file': {
        const { shown } = await this.experiment.current();
        return shown && void (await vscode.window.showTextDocument(shown));
      }
      case 'intent': {
        const { id, ...body } = message.intent;
        const result = await this.controller.send(body);
        return this.post({ type: 'reply', id, error: result.ok ? null : result.error });
      }
      default:
        return exhausted(message);
    }
  }

  private async edit(field: string, value: unknown): Promise<void> {
    const { shown } = await this.experiment.current();
    if (shown) await editField(shown, field, value);
    await this.refresh();
  }

  /** Shows another file; where an experiment is in the active editor, that editor follows. */
  private async choose(uri: vscode.Uri): Promise<void> {
    this.experiment.choose(uri);
    if (vscode.window.activeTextEditor) await vscode.window.showTextDocument(uri);
  }

  private async refresh(): Promise<void> {
    if (!this.view) return;
    const turn = ++this.snapshots;
    const snapshot = await panelSnapshot(this.experiment, this.controller).catch((error: unknown) => this.fail(error));
    // A later one is on its way: an older one would set the form back.
    if (snapshot && turn === this.snapshots) this.post(snapshot);
  }

  private fail(error: unknown): void {
    void vscode.window.showErrorMessage(toErrorInfo(error).message);
  }

  private post(message: ToPanel): void {
    void this.view?.webview.postMessage(message);
  }
}
