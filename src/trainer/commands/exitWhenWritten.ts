/** How long an engine's threads may keep a finished process alive. */
const LINGER_MS = 500;

/**
 * Ends the process with a code once all output, and all that was told to the editor, is written. Leaves the end to the event loop
 * where it can: what is still being written keeps that alive. Output that couldn't be written has set a code before, or will.
 */
export function exitWhenWritten(code: number): void {
  process.exitCode ||= code;
  process.channel?.unref();
  setTimeout(() => {
    process.stdout.write('', () => process.stderr.write('', () => process.exit()));
  }, LINGER_MS).unref();
}
