import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { type RunEvent } from '../../../src/protocol/events';
import { eventually } from '../eventually';

const EXTENSION = 'mnemonics-lab.mnemonics-lab';

function folder(): vscode.Uri {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first, 'a folder is open');
  return first.uri;
}

const tiny = () => vscode.Uri.joinPath(folder(), 'tiny.mnemonics.json');
const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ input }) => input));

async function runs(): Promise<vscode.Uri[]> {
  const uri = vscode.Uri.joinPath(folder(), 'runs');
  const entries = await vscode.workspace.fs.readDirectory(uri).then(
    (found) => found,
    () => [],
  );
  return entries.map(([name]) => vscode.Uri.joinPath(uri, name));
}

/** Events of a run so far; its folder is there a moment before its log. */
function events(run: vscode.Uri): RunEvent[] {
  const file = path.join(run.fsPath, 'events.jsonl');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  return lines.map((line) => JSON.parse(line) as RunEvent);
}

describe('Mnemonics Lab', () => {
  it('is active after start-up and has every command that its manifest names', async () => {
    const extension = vscode.extensions.getExtension(EXTENSION);
    assert.ok(extension);
    await extension.activate();
    const { contributes } = extension.packageJSON as { contributes: { commands: { command: string }[] } };
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).filter((command) => !known.has(command)),
      [],
    );
  });

  it('treats an experiment file as JSON with comments and puts a lens above it', async () => {
    const document = await vscode.workspace.openTextDocument(tiny());
    assert.equal(document.languageId, 'jsonc');
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', tiny(), 1);
    assert.deepEqual(
      lenses.map(({ command }) => command?.command),
      ['mnemonics.startRun'],
    );
  });

  it('runs an experiment to its end and shows it', async () => {
    await vscode.commands.executeCommand('mnemonics.startRun', tiny());
    const [run, ...more] = await eventually('the run folder', async () => {
      const found = await runs();
      return found.length > 0 && found;
    });
    assert.ok(run && more.length === 0);
    assert.ok(tabs().some((input) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('mnemonics.dashboard')));
    const last = await eventually(
      'the end of the run',
      () => {
        const event = events(run).at(-1);
        return event?.kind === 'run-ended' && event;
      },
      50_000,
    );
    assert.equal(last.outcome, 'completed');
  });

  it('opens a checkpoint in its own editor', async () => {
    const [run] = await runs();
    assert.ok(run);
    const file = vscode.Uri.joinPath(run, 'phase-01', 'model.safetensors');
    await vscode.commands.executeCommand('vscode.open', file);
    await eventually('the editor', () =>
      tabs().some((input) => input instanceof vscode.TabInputCustom && input.viewType === 'mnemonics.checkpoint'),
    );
  });

  it('opens a checkpoint by its command, too', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const [run] = await runs();
    assert.ok(run);
    const file = vscode.Uri.joinPath(run, 'phase-00', 'exemplars.safetensors');
    await vscode.commands.executeCommand('mnemonics.openCheckpoint', file);
    await eventually('the editor', () => tabs().some((input) => input instanceof vscode.TabInputCustom && input.uri.path === file.path));
  });

  it('opens a dashboard once a run, however often it is asked to', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const [run] = await runs();
    assert.ok(run);
    for (let i = 0; i < 3; i++) await vscode.commands.executeCommand('mnemonics.openDashboard', run.fsPath);
    await eventually('the tab', () => tabs().length > 0);
    assert.equal(tabs().length, 1);
  });
});
