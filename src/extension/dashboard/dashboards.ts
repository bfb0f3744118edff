import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { RUN_FILES } from '../../protocol/runLayout';
import { type RunController } from '../run/runController';
import { DASHBOARD_VIEW_TYPE, DashboardPanel } from './dashboardPanel';

/** All open dashboards, at most one a run. */
export class Dashboards implements vscode.WebviewPanelSerializer {
  private readonly open = new Map<string, DashboardPanel>();

  constructor(
    private readonly controller: RunController,
    private readonly extension: vscode.Uri,
  ) {}

  show(runDir: string): void {
    const shown = this.open.get(runDir);
    if (shown) return shown.panel.reveal();
    this.adopt(vscode.window.createWebviewPanel(DASHBOARD_VIEW_TYPE, path.basename(runDir), vscode.ViewColumn.Active), runDir);
  }

  /** Closes the dashboard of a run, such as one that was deleted. */
  close(runDir: string): void {
    this.open.get(runDir)?.panel.dispose();
  }

  /** The run whose dashboard is in front, if one is. */
  get active(): string | undefined {
    return [...this.open.values()].find(({ panel }) => panel.active)?.runDir;
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const runDir = runDirOf(state);
    // The run may have been deleted, or the page never got to say what it shows.
    if (runDir === undefined || this.open.has(runDir) || !existsSync(path.join(runDir, RUN_FILES.events))) panel.dispose();
    else this.adopt(panel, runDir);
    return Promise.resolve();
  }

  private adopt(panel: vscode.WebviewPanel, runDir: string): void {
    this.open.set(runDir, new DashboardPanel(panel, runDir, this.controller, this.extension));
    panel.onDidDispose(() => this.open.delete(runDir));
  }
}

/** The run folder in what a page keeps over a reload of the window; the page may keep more beside it. */
function runDirOf(state: unknown): string | undefined {
  if (state === null || typeof state !== 'object' || !('runDir' in state)) return undefined;
  return typeof state.runDir === 'string' ? state.runDir : undefined;
}
