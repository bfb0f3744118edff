import path from 'node:path';
import * as vscode from 'vscode';
import { crashSentence, isCrash } from '../process/trainerEnd';
import { averageAccuracy } from './figures';
import { type RunEnd } from './runController';

/** Tells how a run ended: one sentence, with what one would do next as buttons. */
export async function showRunEnd({ run, end }: RunEnd): Promise<void> {
  const { l10n, window } = vscode;
  const name = path.basename(run.runDir);
  const openDashboard = { title: l10n.t('Open Dashboard'), command: 'mnemonics.openDashboard' };
  const saveReport = { title: l10n.t('Save Report'), command: 'mnemonics.saveReport' };
  const resumeRun = { title: l10n.t('Resume Run'), command: 'mnemonics.resumeRun' };
  const resumeHere = { title: l10n.t('Resume on This Engine'), command: 'mnemonics.resumeRunOnThisEngine' };
  const showLog = { title: l10n.t('Show Log'), command: 'mnemonics.showLog' };

  const choose = () => {
    if (isCrash(end)) return window.showErrorMessage(crashSentence(end), showLog, resumeRun);
    if (end.fatal?.code === 'other-engine') return window.showErrorMessage(end.fatal.message, resumeHere, showLog);
    const error = end.fatal ?? run.view?.error;
    if (end.outcome === 'failed' || (error && end.outcome === null))
      return window.showErrorMessage(error?.message ?? l10n.t('{0} has failed.', name), showLog);
    if (end.outcome === 'completed') {
      const reached = averageAccuracy(run.view);
      const sentence =
        reached === undefined ? l10n.t('{0} is complete.', name) : l10n.t('{0} is complete: average accuracy {1}.', name, reached);
      return window.showInformationMessage(sentence, openDashboard, saveReport);
    }
    return window.showInformationMessage(l10n.t('{0} is stopped; it can be resumed where it stopped.', name), resumeRun);
  };
  const choice = await choose();
  if (choice) await vscode.commands.executeCommand(choice.command, choice.command === 'mnemonics.showLog' ? undefined : run.runDir);
}
