import { EXIT } from '../../protocol/errors';
import type { CommandIo } from './command';
import { atHangup } from './hangup';

/**
 * Does a job that Ctrl+C, SIGTERM and a terminal that is closed stop.
 * @param line its status line, which goes before anything else is said
 * @param stopped what a stop means, as a sentence
 * @returns the exit code. @throws what the job throws, unless it was stopped
 */
export async function stoppable(
  { stderr }: Pick<CommandIo, 'stderr'>,
  line: { clear(): void },
  stopped: string,
  job: (signal: AbortSignal) => Promise<void>,
): Promise<number> {
  const abort = new AbortController();
  const onSignal = () => abort.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const endHangup = atHangup(onSignal);
  try {
    await job(abort.signal);
    return 0;
  } catch (error) {
    line.clear();
    if (!abort.signal.aborted) throw error;
    stderr.write(`mnemonics: ${stopped}\n`);
    return EXIT.stopped;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    endHangup();
  }
}
