import * as vscode from 'vscode';
import { configSchema } from '../../protocol/config';
import { configJsonSchema } from '../../protocol/parseConfig';
import { type ToPanel } from '../../protocol/webviewMessages';
import { experimentName } from '../experiments/experimentFiles';
import { readExperimentText } from '../experiments/experimentText';
import { type RunController } from '../run/runController';
import { type ShownExperiment } from './shownExperiment';

/** All that the side panel shows: the form's fields, the file's values and problems, and what runs. */
export async function panelSnapshot(experiment: ShownExperiment, controller: RunController): Promise<ToPanel> {
  const { shown, all } = await experiment.current();
  const text = shown && readExperimentText((await vscode.workspace.openTextDocument(shown)).getText(), experimentName(shown));
  return {
    type: 'snapshot',
    schema: configJsonSchema(),
    file: shown && text ? { ...named(shown), values: text.values } : null,
    files: all.map(named),
    defaults: configSchema.parse({}),
    problems: [...(text?.problems ?? [])],
    running: controller.current?.view?.config ?? null,
    trusted: vscode.workspace.isTrusted,
  };
}

/** Files are told apart by their path in the workspace: `demo` may stand in two folders. */
const named = (uri: vscode.Uri) => ({ path: uri.fsPath, name: vscode.workspace.asRelativePath(uri) || experimentName(uri) });
