import { EXIT } from '../../protocol/errors';
import type { RunControl } from '../runControl';
import { atHangup } from './hangup';

/**
 * Makes Ctrl+C, SIGTERM and a terminal that is closed (SIGHUP) stop a run at its next step, resumable; a second Ctrl+C ends the process
 * at once. `nohup` changes nothing: Node has taken its effect back before any of our code runs.
 * @returns takes the handlers away again
 */
export function stopOnSignals(control: RunControl, notice: (text: string) => void): () => void {
  let stopping = false;
  const stop = () => {
    stopping = true;
    // Refused only by a run that has ended meanwhile.
    control.stop().catch(() => {});
  };
  const onInterrupt = () => {
    if (stopping) process.exit(EXIT.stopped);
    notice('Stopping after this step; press Ctrl+C again to end at once.');
    stop();
  };
  process.on('SIGINT', onInterrupt).on('SIGTERM', stop);
  const endHangup = atHangup(stop);
  return () => {
    process.off('SIGINT', onInterrupt).off('SIGTERM', stop);
    endHangup();
  };
}
