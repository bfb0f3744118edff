// A run of the command line that a script starts, looks at and ends. Needs `npm run build`.
import { spawn } from 'node:child_process';
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
