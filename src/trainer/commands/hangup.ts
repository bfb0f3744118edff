/**
 * Calls back where the terminal is closed. Node aborts at its end where it can't give a terminal its settings back, so the process
 * then ends by the signal itself, once all that follows is done.
 * @returns takes the handler away again
 */
export function atHangup(stop: () => void): () => void {
  const onHangup = (): void => {
    if (process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY)
      process.once('exit', () => {
        process.removeAllListeners('SIGHUP');
        process.kill(process.pid, 'SIGHUP');
      });
    stop();
  };
  // Not once: a shell and the system may both tell of it, and the second would end the process in the middle of its resume point.
  process.on('SIGHUP', onHangup);
  return () => void process.off('SIGHUP', onHangup);
}
