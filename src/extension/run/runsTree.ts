import * as vscode from 'vscode';
import { type RunEventKind } from '../../protocol/events';
import { type RunView } from '../../protocol/runView';
import { readView } from '../../store/readHistory';
import { listRuns, type RunSummary } from '../../store/readRun';
import { type RunController } from './runController';
import { phaseFiles, treeItem, type RunNode } from './runNodes';
import { allRunsFolders } from './runsFolder';

/** Events after which a run looks different in the tree. */
const SHOWN: ReadonlySet<RunEventKind> = new Set([
  'run-started',
  'run-continued',
  'phase-started',
  'evaluated',
  'exemplars-stored',
  'phase-ended',
  'paused',
  'resumed',
]);

const SETTLE_MS = 500;
/** How often the runs are read again while another process writes one. */
const REREAD_MS = 3000;

type RootNode = Extract<RunNode, { kind: 'run' }>;
const rowOf = ({ summary, live }: RootNode) => [summary, live];

/** The runs of the workspace: runs, their phases, and the checkpoints of these. */
export class RunsTree implements vscode.TreeDataProvider<RunNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly disposables: vscode.Disposable[];
  private watchers: vscode.Disposable[] = [];
  private watched = '';
  private timer: NodeJS.Timeout | undefined;
  private roots: readonly RootNode[] | undefined;
  private reads = 0;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly controller: RunController) {
    this.disposables = [
      controller.onDidStart(() => this.refresh()),
      controller.onDidEnd(() => this.refresh()),
      controller.onDidProgress((events) => {
        if (events.some(({ kind }) => SHOWN.has(kind))) this.refresh();
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('mnemonics.runsFolder')) this.refresh();
      }),
      this.changed,
    ];
  }

  refresh(): void {
    void this.reload().catch(() => {
      // The view itself reads once more and shows what is wrong with the folder.
      this.roots = undefined;
      this.changed.fire();
    });
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    return treeItem(node);
  }

  async getChildren(node?: RunNode): Promise<RunNode[]> {
    if (!node) return [...(this.roots ??= await this.read())];
    if (node.kind === 'phase') return phaseFiles(node);
    if (node.kind === 'file' || node.summary.error) return [];
    const { dir } = node.summary;
    const view = node.view ?? (await readView(dir));
    return (view?.phases ?? []).map(({ phase }) => ({ kind: 'phase', dir, phase, view: view as RunView }));
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.disposables, ...this.watchers).dispose();
  }

  /**
   * Reads the runs, and only then says that they have changed: between that word and the new children the view knows no node,
   * and a command on one would come without its argument. Unchanged rows are left alone for the same reason.
   */
  private async reload(): Promise<void> {
    const read = ++this.reads;
    const roots = await this.read();
    const unchanged = !roots.some(({ live }) => live) && JSON.stringify(this.roots?.map(rowOf)) === JSON.stringify(roots.map(rowOf));
    if (read !== this.reads || unchanged) return;
    this.roots = roots;
    this.changed.fire();
  }

  private async read(): Promise<RootNode[]> {
    const folders = allRunsFolders();
    const summaries = (await Promise.all(folders.map(listRuns))).flat();
    this.watch(folders, summaries);
    return summaries.map((summary) => {
      const live = this.controller.live(summary.dir);
      return { kind: 'run', summary, view: live?.view ?? null, live: live !== undefined };
    });
  }

  /**
   * Watches for runs that come and go; patterns that are not recursive ignore the user's excludes. While another process
   * writes a run, the folders are read again now and then: one that is killed changes no file.
   */
  private watch(folders: readonly string[], summaries: readonly RunSummary[]): void {
    clearTimeout(this.timer);
    const elsewhere = summaries.some(({ dir, state }) => state === 'running' && !this.controller.live(dir));
    if (elsewhere) this.timer = setTimeout(() => this.refresh(), REREAD_MS);
    const key = JSON.stringify(folders);
    if (key === this.watched) return;
    this.watched = key;
    vscode.Disposable.from(...this.watchers).dispose();
    // A new run's folder is there a moment before its files.
    const refresh = () => void setTimeout(() => this.refresh(), SETTLE_MS);
    this.watchers = folders.flatMap((folder) => {
      const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(folder), '*'));
      return [watcher, watcher.onDidCreate(refresh), watcher.onDidDelete(refresh)];
    });
  }
}
