import { spawn, type ChildProcess } from 'node:child_process';

/** How a program ended. `code` is undefined if it could not be started or was stopped by a signal. */
export interface Finished {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** The signal that ended it. */
  readonly killedBy?: NodeJS.Signals;
  /** True if there is no such program on the PATH. */
  readonly notFound: boolean;
}

/** Windows has no process groups; there a program ends alone. */
const GROUPS = process.platform !== 'win32';

/** What doesn't end when asked to is killed after this time. */
const PATIENCE_MS = 2000;

/**
 * Runs a program to its end without a shell and collects what it prints. Never throws, but rejects
 * with the signal's reason when aborted, and not before the program and what it started have ended: nothing writes
 * files afterwards.
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: { readonly signal?: AbortSignal; readonly env?: NodeJS.ProcessEnv; readonly timeoutMs?: number } = {},
): Promise<Finished> {
  const { signal, env, timeoutMs } = options;
  signal?.throwIfAborted();
  const finished = await new Promise<Finished>((resolve) => {
    // A process group of its own, so that a compiler's or pip's own children end with it.
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: GROUPS,
      windowsHide: true,
      ...(env ? { env } : {}),
    });
    let stdout = '';
    let stderr = '';
    let timers: NodeJS.Timeout[] = [];
    const end = (): void => {
      killGroup(child, 'SIGTERM');
      timers.push(setTimeout(() => killGroup(child, 'SIGKILL'), PATIENCE_MS));
    };
    const settle = (result: Omit<Finished, 'stdout' | 'stderr'>, text = stderr): void => {
      for (const timer of timers) clearTimeout(timer);
      timers = [];
      signal?.removeEventListener('abort', end);
      resolve({ stdout, stderr: text, ...result });
    };
    if (timeoutMs !== undefined) timers.push(setTimeout(end, timeoutMs));
    signal?.addEventListener('abort', end, { once: true });
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', (error: NodeJS.ErrnoException) =>
      settle({ code: undefined, notFound: error.code === 'ENOENT' }, stderr || error.message),
    );
    child.on('close', (code, killedBy) => settle({ code: code ?? undefined, notFound: false, ...(killedBy ? { killedBy } : {}) }));
  });
  signal?.throwIfAborted();
  return finished;
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (GROUPS && child.pid !== undefined) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // It has ended.
  }
}

/** The last lines of what a program printed, for an error sentence. */
export function lastLines(text: string, count = 3): string {
  return text.trim().split('\n').slice(-count).join(' ').slice(-400);
}
