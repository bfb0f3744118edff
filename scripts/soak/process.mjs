// One process of the command line, which may be killed.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, watch } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Runs the command line to its end, or to where it is killed.
 * @param killAt as `killMoments` draws it; null for never
 * @returns `code`, `killed` (how, or null), `orphans` (does anything that it started live on), `ms`, and the last lines that it `said`
 */
export async function runOnce({ cli, args, dir, killAt = null }) {
  const typescript = cli.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : [];
  const startedAt = Date.now();
  // A process group of its own: whoever is left in it afterwards is an orphan.
  const child = spawn(process.execPath, [...typescript, cli, ...args], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const killGroup = () => signalGroup(child.pid, 'SIGKILL');
  process.once('exit', killGroup);
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => (text = (text + chunk).slice(-4000)));
  const kill = () => child.kill('SIGKILL');
  const timer = killAt && setTimeout(kill, killAt.afterMs);
  const watching = killAt?.inWrite ? killInWrite(dir, killAt, kill) : null;
  const { code, signal } = await new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  clearTimeout(timer);
  watching?.abort();
  const orphans = await groupLives(child.pid);
  process.off('exit', killGroup);
  const killed = signal === 'SIGKILL' ? (killAt?.name ?? 'by somebody else') : null;
  return { code, killed, orphans, startedAt, ms: Date.now() - startedAt, said: text.trim().split('\n').slice(-3).join(' ⏎ ') };
}

/** Kills while a file is written: each is a temporary one before it is renamed. The folder may not be there yet. */
function killInWrite(dir, { inWrite, delayMs }, kill) {
  const abort = new AbortController();
  const seen = new Set();
  const onName = (name) => {
    if (!name?.endsWith('.tmp') || seen.has(name)) return;
    seen.add(name);
    if (seen.size === inWrite) setTimeout(kill, delayMs);
  };
  const follow = (folder, onOther = () => {}) =>
    watch(folder, { signal: abort.signal, persistent: false }, (_, name) => {
      onName(name);
      onOther(name);
    }).on('error', () => {});
  const followRun = () => {
    try {
      const phases = new Set();
      follow(dir, (name) => {
        if (!name?.startsWith('phase-') || phases.has(name)) return;
        phases.add(name);
        follow(path.join(dir, name));
      });
    } catch {
      if (!abort.signal.aborted) setTimeout(followRun, 20).unref();
    }
  };
  followRun();
  return abort;
}

function signalGroup(pid, signal) {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** Does anything of a process's group live on? What a killed process leaves takes a moment to be gone. */
export async function groupLives(pid, patienceMs = 10_000) {
  for (const until = performance.now() + patienceMs; performance.now() < until; await wait(50)) if (!hasMember(pid)) return false;
  signalGroup(pid, 'SIGKILL');
  return true;
}

/** One that has ended, and waits for its parent to take notice, is a member for signals, and lives no more. */
function hasMember(group) {
  if (!signalGroup(group, 0)) return false;
  if (!existsSync('/proc/self/stat')) return true;
  return readdirSync('/proc').some((name) => {
    const [state, , itsGroup] = statusOf(name);
    return itsGroup === String(group) && state !== 'Z' && state !== 'X';
  });
}

/** Fields of /proc/PID/stat after the program's name, which may hold spaces and parentheses. */
function statusOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
