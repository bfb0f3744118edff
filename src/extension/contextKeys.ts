import * as vscode from 'vscode';
import { type RunController } from './run/runController';

/** Keeps the context keys by which the manifest enables commands: `mnemonics.running` and `mnemonics.paused`. */
export function keepContextKeys(controller: RunController): vscode.Disposable {
  const known = new Map<string, boolean>();
  const set = (key: string, value: boolean) => {
    if (known.get(key) === value) return;
    known.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  };
  const update = () => {
    set('mnemonics.running', controller.current !== undefined);
    set('mnemonics.paused', controller.current?.view?.state === 'paused');
  };
  return vscode.Disposable.from(controller.onDidStart(update), controller.onDidProgress(update), controller.onDidEnd(update));
}
