import * as vscode from 'vscode';
import { EXPERIMENT_SUFFIX } from '../../protocol/runLayout';
import { activeExperiment, findExperiments, isExperiment } from '../experiments/experimentFiles';

const KEY = 'mnemonics.shownExperiment';

/** Which experiment file the side panel shows: the active editor's, else the one chosen last, else the first of the workspace. */
export class ShownExperiment implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly disposables: vscode.Disposable[];
  /** Another file is shown, or the text of the one shown or the list of files has changed. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly memory: vscode.Memento) {
    const watcher = vscode.workspace.createFileSystemWatcher(`**/*${EXPERIMENT_SUFFIX}`);
    const fire = () => this.changed.fire();
    this.disposables = [
      this.changed,
      watcher,
      watcher.onDidCreate(fire),
      watcher.onDidDelete(fire),
      vscode.window.onDidChangeActiveTextEditor(() => {
        const active = activeExperiment();
        if (active) this.choose(active);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (isExperiment(document.uri) && contentChanges.length > 0) fire();
      }),
    ];
  }

  choose(uri: vscode.Uri): void {
    if (this.memory.get<string>(KEY) !== uri.fsPath) void this.memory.update(KEY, uri.fsPath);
    this.changed.fire();
  }

  async current(): Promise<{ readonly shown: vscode.Uri | undefined; readonly all: readonly vscode.Uri[] }> {
    const all = await findExperiments();
    const active = activeExperiment();
    const chosen = all.find(({ fsPath }) => fsPath === this.memory.get<string>(KEY));
    return { shown: active ?? chosen ?? all[0], all };
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }
}
