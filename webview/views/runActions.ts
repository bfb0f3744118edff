import type { ErrorInfo } from '../../src/protocol/errors';
import { h, setAttribute, setText } from '../ui/h';
import { button, toolbar, type Button } from '../ui/toolkit';
import type { Ownership, ShownState } from './runHeader';

type RunIntent = 'pause' | 'resume' | 'stop';
type RunCommand = 'show-log' | 'save-report' | 'resume-run';

export interface RunActions {
  readonly element: HTMLElement;
  show(state: ShownState, ownership: Ownership): void;
}

/** What can be done to a run from here. A pending request shows as busy, a refused one says why. */
export function runActions(ask: (intent: RunIntent) => Promise<ErrorInfo | null>, command: (command: RunCommand) => void): RunActions {
  const refusal = h('p', { class: 'refusal', role: 'alert' });
  const busy = new Set<Button>();
  const asking = (label: string, intent: RunIntent, icon: 'pause' | 'resume' | 'stop', appearance: 'primary' | 'secondary') => {
    const element: Button = button(label, () => void run(), { icon, appearance });
    const run = async () => {
      if (busy.has(element)) return;
      busy.add(element);
      setAttribute(element, 'aria-busy', 'true');
      setText(refusal, '');
      const error = await ask(intent);
      busy.delete(element);
      setAttribute(element, 'aria-busy', null);
      setText(refusal, error?.message ?? '');
    };
    return element;
  };
  const pause = asking('Pause', 'pause', 'pause', 'secondary');
  const resume = asking('Resume', 'resume', 'resume', 'primary');
  const stop = asking('Stop', 'stop', 'stop', 'secondary');
  const again = button('Resume Run', () => command('resume-run'), { icon: 'resume', appearance: 'primary' });
  const log = button('Show Log', () => command('show-log'), { icon: 'log' });
  const report = button('Save Report', () => command('save-report'), { icon: 'save' });
  return {
    element: h('div', { class: 'actions-holder' }, toolbar('Run', pause, resume, stop, again, log, report), refusal),
    show(state, ownership) {
      const live = ownership === 'live';
      pause.hidden = !(live && state === 'running');
      resume.hidden = !(live && state === 'paused');
      stop.hidden = !(live && (state === 'running' || state === 'paused'));
      again.hidden = !(ownership !== 'elsewhere' && (state === 'stopped' || state === 'failed' || state === 'interrupted'));
    },
  };
}
