// A run of the command line that a script starts, looks at and ends. Needs `npm run build`.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './contender.mjs';

/**
 * Starts `node dist/cli.js ARGS`; it ends with this process at the latest.
 * @returns `child`, `ended` (its exit code, or the signal that ended it; it never rejects) and `said`, what it printed to people so far
 */
export function startCli(args) {
  const child = spawn(process.execPath, [path.join(root, 'dist', 'cli.js'), ...args], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  // Listened for from the start: a run that can't begin has ended before anybody looks.
  const ended = new Promise((resolve) =>
    child.once('close', (code, signal) => {
      process.off('exit', kill);
      resolve(code ?? signal);
    }),
  );
  return { child, ended, said: () => text };
}

/** The events that a run has written so far; none where it hasn't begun. */
export function eventsOf(runDir) {
  try {
    return readFileSync(path.join(runDir, 'events.jsonl'), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
