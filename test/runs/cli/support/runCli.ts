import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

const ROOT = join(__dirname, '..', '..', '..', '..');
const CLI = join(ROOT, 'src', 'trainer', 'cli.ts');
/** Found from here, whatever folder the process runs in. */
const TSX = require.resolve('tsx');

export interface CliEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Data sets that a person has imported here must not change what the tests see. */
const ENV = { ...process.env, MNEMONICS_DATA: join(ROOT, '.cache', 'no-data') };

/**
 * Starts the command line as its own process in a folder.
 * @param under a program and its arguments that start it, such as one that limits it
 */
export function startCli(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
  under: readonly string[] = [],
): { child: ChildProcessByStdio<null, Readable, Readable>; ended: Promise<CliEnd> } {
  const [program = '', ...before] = [...under, process.execPath];
  const child = spawn(program, [...before, '--import', `file://${TSX}`, CLI, ...args], {
    cwd,
    env: { ...ENV, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk));
  const ended = new Promise<CliEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...text }));
  });
  return { child, ended };
}

/** What the editor's side forks with {@link SOURCE_ENV}: the same command line from its source. */
export const SOURCE_CLI = CLI;
export const SOURCE_ENV: NodeJS.ProcessEnv = { ...ENV, NODE_OPTIONS: `--import file://${TSX}` };

/** Runs the command line to its end. */
export const runCli = (args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<CliEnd> =>
  startCli(args, cwd, env).ended;
