import path from 'node:path';
import * as vscode from 'vscode';
import { CheckpointEditor } from './checkpoint/checkpointEditor';
import { registerEngineCommands } from './commands/engineCommands';
import { registerFolderCommands } from './commands/folderCommands';
import { registerImportDataSet } from './commands/importDataSet';
import { registerRunCommands } from './commands/runCommands';
import { startRun } from './commands/startRun';
import { keepContextKeys } from './contextKeys';
import { DASHBOARD_VIEW_TYPE } from './dashboard/dashboardPanel';
import { Dashboards } from './dashboard/dashboards';
import { newExperiment } from './experiments/newExperiment';
import { registerRunCodeLens } from './experiments/runCodeLens';
import { HyperparametersView } from './hyperparameters/hyperparametersView';
import { ShownExperiment } from './hyperparameters/shownExperiment';
import { rememberRuns, resumeLeftRun } from './run/resumeAfterReload';
import { RunController } from './run/runController';
import { RunMemory } from './run/runMemory';
import { showRunEnd } from './run/runEndToast';
import { RunsTree } from './run/runsTree';
import { createStatusBar } from './statusBar';

let controller: RunController | undefined;

/** Wires the parts together; each of them is disposed with the extension. */
export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, workspaceState, subscriptions, storageUri, globalStorageUri } = context;
  const cli = path.join(extensionUri.fsPath, 'dist', 'cli.js');
  const log = vscode.window.createOutputChannel('Mnemonics', { log: true });
  const runs = (controller = new RunController(cli, log));
  const dashboards = new Dashboards(runs, extensionUri);
  const tree = new RunsTree(runs);
  const experiment = new ShownExperiment(workspaceState);
  const memory = new RunMemory((storageUri ?? globalStorageUri).fsPath);
  const panel = new HyperparametersView(extensionUri, experiment, runs);
  subscriptions.push(
    log,
    runs,
    tree,
    experiment,
    panel,
    keepContextKeys(runs),
    createStatusBar(runs),
    rememberRuns(runs, memory),
    runs.onDidEnd(showRunEnd),
    vscode.window.registerTreeDataProvider('mnemonics.runs', tree),
    vscode.window.registerWebviewViewProvider('mnemonics.hyperparameters', panel),
    vscode.window.registerWebviewPanelSerializer(DASHBOARD_VIEW_TYPE, dashboards),
    vscode.window.registerCustomEditorProvider(CheckpointEditor.viewType, new CheckpointEditor(extensionUri), {
      supportsMultipleEditorsPerDocument: true,
    }),
    registerRunCodeLens(),
    registerRunCommands(runs, dashboards),
    registerFolderCommands(runs, dashboards, extensionUri, () => tree.refresh()),
    registerEngineCommands(cli, log),
    registerImportDataSet(cli, log),
    vscode.commands.registerCommand('mnemonics.startRun', (file?: vscode.Uri) => startRun(runs, dashboards, extensionUri, file)),
    vscode.commands.registerCommand('mnemonics.newExperiment', () => newExperiment(extensionUri)),
    vscode.commands.registerCommand('mnemonics.showLog', () => log.show()),
  );
  const resume = () => void resumeLeftRun(runs, memory, log).catch((error: unknown) => log.error(String(error)));
  subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(resume));
  resume();
}

/** The window goes: the training process is let go, writes a resume point and ends by itself. */
export function deactivate(): void {
  controller?.dispose();
}
