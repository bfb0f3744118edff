import { spawn } from 'node:child_process';

/** How a program ended. `code` is undefined if it could not be started or was stopped by a signal. */
export interface Finished {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** True if there is no such program on the PATH. */
  readonly notFound: boolean;
}

/**
 * Runs a program to its end without a shell and collects what it prints. Never throws, but rejects
 * with the signal's reason when aborted.
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: { readonly signal?: AbortSignal; readonly env?: NodeJS.ProcessEnv; readonly timeoutMs?: number } = {},
): Promise<Finished> {
  options.signal?.throwIfAborted();
  const finished = await new Promise<Finished>((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.env ? { env: options.env } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.timeoutMs ? { timeout: options.timeoutMs } : {}),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ code: undefined, stdout, stderr: stderr || error.message, notFound: error.code === 'ENOENT' }),
    );
    child.on('close', (code) => resolve({ code: code ?? undefined, stdout, stderr, notFound: false }));
  });
  options.signal?.throwIfAborted();
  return finished;
}

/** The last lines of what a program printed, for an error sentence. */
export function lastLines(text: string, count = 3): string {
  return text.trim().split('\n').slice(-count).join(' ').slice(-400);
}
