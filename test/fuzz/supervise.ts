import { fork } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TargetResult } from './target';
import type { Registry, WorkerMessage, WorkerTask } from './worker';

/** A worker says something several times a second, unless one input keeps it. Generous, since the machine may be busy. */
const SILENCE_MS = 60_000;
/** A reader that fills the heap shall end the worker, not the machine. */
const HEAP_MIB = 512;

/** Has targets fuzzed by a process of its own, so that an input that hangs or kills it is told like any other finding. */
export function supervise(task: WorkerTask, onResult: (result: TargetResult) => void, silenceMs = SILENCE_MS): Promise<void> {
  return new Promise((resolve) => {
    const child = fork(join(__dirname, 'worker.ts'), [JSON.stringify(task)], {
      execArgv: ['--import', 'tsx', `--max-old-space-size=${HEAP_MIB}`, '--unhandled-rejections=strict'],
      // One arena of malloc (see memory.ts); no file of this user's may matter.
      env: { ...process.env, MALLOC_ARENA_MAX: '1', MNEMONICS_DATA: join(task.base, 'data') },
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    let at: string | undefined = task.targets[0]?.name;
    let silence: NodeJS.Timeout | undefined;
    let hung = false;
    let complaints = '';
    const heard = (patience = silenceMs) => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        hung = true;
        child.kill('SIGKILL');
      }, patience);
    };
    // It has to start first.
    heard(SILENCE_MS);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-2000)));
    child.on('message', (message: WorkerMessage) => {
      heard();
      if (message.kind === 'at') at = message.name;
      else {
        at = undefined;
        onResult(message.result);
      }
    });
    child.on('close', (code, signal) => {
      clearTimeout(silence);
      const how = hung ? `hung for ${silenceMs / 1000} s` : `ended with ${signal ?? `exit code ${code}`}: ${complaints.trim()}`;
      if (code === 0) resolve();
      else void tellEnd(task, at, hung, how, onResult).then(resolve);
    });
  });
}

/** The input that a worker was at when it ended still stands in its sandbox. */
async function tellEnd(
  { base, registry = './registry' }: WorkerTask,
  at: string | undefined,
  hung: boolean,
  how: string,
  onResult: (result: TargetResult) => void,
): Promise<void> {
  const name = at ?? 'none';
  const { TARGETS } = (await import(registry)) as Registry;
  const file = at && join(base, at, 'above', 'folder', (await TARGETS[at]!()).target.file);
  const inputBase64 = file && existsSync(file) ? readFileSync(file).toString('base64') : '';
  onResult({
    name,
    runs: 0,
    seconds: 0,
    failure: { finding: { property: hung ? 'time' : 'error', message: `the process ${how}` }, path: null, inputBase64 },
  });
}
