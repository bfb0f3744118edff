import { spawn } from 'node:child_process';
import { LineSplitter } from './lineSplitter';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cli: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** Each line of either output, as it comes. */
  onLine?(line: string): void;
}

/** Runs one short command of the trainer's command line to its end. An abort ends the process and is a result like any other. */
export function cliCommand({ cli, args, env, signal, onLine }: CliOptions): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const text = { stdout: '', stderr: '' };
    for (const from of ['stdout', 'stderr'] as const) {
      const splitter = new LineSplitter((line) => onLine?.(line));
      child[from].setEncoding('utf8').on('data', (chunk: string) => {
        text[from] += chunk;
        splitter.write(chunk);
      });
    }
    const end = () => child.kill('SIGTERM');
    signal?.addEventListener('abort', end, { once: true });
    child.once('error', reject);
    child.once('close', (code) => {
      signal?.removeEventListener('abort', end);
      resolve({ code, ...text });
    });
  });
}
