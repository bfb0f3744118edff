import path from 'node:path';
import * as vscode from 'vscode';
import { type RunView } from '../../protocol/runView';
import { PHASE_FILES, phaseFolder } from '../../protocol/runLayout';
import { type RunSummary } from '../../store/readRun';
import { exhausted } from '../exhausted';
import { averageAccuracy, percent } from './figures';

/** What the tree of runs is made of. Commands get such a node as their argument. */
export type RunNode =
  | { readonly kind: 'run'; readonly summary: RunSummary; readonly view: RunView | null; readonly live: boolean }
  | { readonly kind: 'phase'; readonly dir: string; readonly view: RunView; readonly phase: number }
  | { readonly kind: 'file'; readonly file: string; readonly label: string };

type RunNodeOf<K extends RunNode['kind']> = Extract<RunNode, { kind: K }>;

/** The files of a phase that can be opened: the model and the exemplars. */
export function phaseFiles({ dir, phase, view }: RunNodeOf<'phase'>): RunNode[] {
  const state = view.phases.find((p) => p.phase === phase);
  const at = (file: string) => path.join(dir, phaseFolder(phase), file);
  return [
    ...(state?.checkpoint ? [{ kind: 'file' as const, file: at(PHASE_FILES.model), label: vscode.l10n.t('model') }] : []),
    ...(state?.exemplars ? [{ kind: 'file' as const, file: at(PHASE_FILES.exemplars), label: vscode.l10n.t('exemplars') }] : []),
  ];
}

export function treeItem(node: RunNode): vscode.TreeItem {
  switch (node.kind) {
    case 'run':
      return runItem(node);
    case 'phase':
      return phaseItem(node);
    case 'file': {
      const item = new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.None);
      item.resourceUri = vscode.Uri.file(node.file);
      item.iconPath = new vscode.ThemeIcon('file-binary');
      item.description = path.basename(node.file);
      item.contextValue = 'checkpoint';
      item.command = { command: 'mnemonics.openCheckpoint', title: vscode.l10n.t('Open Checkpoint'), arguments: [node] };
      return item;
    }
    default:
      return exhausted(node);
  }
}

function runItem({ summary, view, live }: RunNodeOf<'run'>): vscode.TreeItem {
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(summary.id, summary.error ? None : Collapsed);
  const state = live && view ? view.state : summary.state;
  const reached = averageAccuracy(view) ?? (summary.run?.summary ? percent(summary.run.summary.averageAccuracy) : undefined);
  item.id = summary.dir;
  item.iconPath = ICONS[state];
  // The view is narrow, and the icon tells the most common state.
  item.description = [reached && `Ā ${reached}`, state === 'completed' ? undefined : state].filter(Boolean).join(' · ');
  item.tooltip = summary.run
    ? `${summary.dir}\n${summary.run.config.exemplarMethod} · ${summary.run.config.host} · ${summary.run.engine.engine}`
    : summary.error.message;
  item.contextValue = live ? 'run.live' : ['stopped', 'interrupted', 'failed'].includes(state) ? 'run.resumable' : 'run';
  item.accessibilityInformation = { label: `${summary.id}, ${state}${reached ? `, average accuracy ${reached}` : ''}` };
  return item;
}

function phaseItem({ dir, view, phase }: RunNodeOf<'phase'>): vscode.TreeItem {
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const state = view.phases.find((p) => p.phase === phase);
  const item = new vscode.TreeItem(vscode.l10n.t('Phase {0}', phase), state?.checkpoint || state?.exemplars ? Collapsed : None);
  item.id = path.join(dir, phaseFolder(phase));
  item.iconPath = new vscode.ThemeIcon(state?.state === 'done' ? 'pass' : state?.state === 'running' ? 'sync~spin' : 'circle-outline');
  item.description = state?.evaluation ? percent(state.evaluation[view.headline].accuracy) : (state?.state ?? '');
  item.contextValue = 'phase';
  return item;
}

const icon = (name: string, color?: string) => new vscode.ThemeIcon(name, color ? new vscode.ThemeColor(color) : undefined);
const ICONS = {
  running: icon('sync~spin'),
  paused: icon('debug-pause'),
  completed: icon('pass', 'testing.iconPassed'),
  stopped: icon('debug-stop'),
  interrupted: icon('debug-disconnect'),
  failed: icon('error', 'testing.iconFailed'),
  broken: icon('warning', 'list.warningForeground'),
} as const;
