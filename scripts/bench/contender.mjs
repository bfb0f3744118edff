// A process that measures one repeat when it is told to by a line: `bench --worker` of Mnemonics Lab, or pytorch.py. Several can
// be started and then take turns, so that neither start-up nor warm-up counts and no two work at once.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const running = new Set();

process.on('uncaughtException', (error) => {
  for (const child of running) child.kill('SIGKILL');
  console.error(process.env.MNEMONICS_DEBUG ? error : error.message);
  process.exit(error.code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1);
});
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    for (const child of running) child.kill('SIGKILL');
    process.exit(130);
  });

export class Contender {
  /** @param onOther told every line that is no message, such as what a library prints */
  constructor(name, command, args, { env = {}, onOther = () => {} } = {}) {
    this.name = name;
    this.repeats = [];
    this.child = spawn(command, args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
    running.add(this.child);
    this.child.once('error', () => {});
    this.child.once('close', () => running.delete(this.child));
    this.child.stdin.once('error', () => {});
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.onOther = onOther;
  }

  async warmUp() {
    this.ready = await this.message();
    return this.ready;
  }

  async repeat() {
    this.child.stdin.write('\n');
    const repeat = await this.message();
    this.repeats.push(repeat);
    return repeat;
  }

  end() {
    this.child.stdin.end();
    this.child.kill('SIGKILL');
  }

  async message() {
    for (;;) {
      const { done, value } = await this.lines.next();
      if (done) throw new Error(`${this.name} ended in the middle; what it said is above.`);
      if (!value.startsWith('{')) {
        this.onOther(value);
        continue;
      }
      const message = JSON.parse(value);
      if (message.kind === 'error') throw new Error(`${this.name}: ${message.error.message}`);
      return message;
    }
  }
}

/** Needs `npm run build`. @param options of `bench`, such as { batch: 128, 'inner-steps': 5 }; undefined ones are left out */
export const ours = (name, measurement, options, more) =>
  new Contender(name, process.execPath, [path.join(root, 'dist', 'cli.js'), 'bench', '--worker', measurement, ...flags(options)], more);

export const pytorch = (name, python, task, options, more) =>
  new Contender(name, python, [path.join(root, 'scripts', 'bench', 'pytorch.py'), task, ...flags(options)], more);

const flags = (options) =>
  Object.entries(options).flatMap(([key, value]) =>
    value === undefined ? [] : value === true ? [`--${key}`] : [`--${key}`, String(value)],
  );

/** Median and quartiles, linear between values. */
export function spreadOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => {
    const place = share * (sorted.length - 1);
    const below = sorted[Math.floor(place)];
    return below + (sorted[Math.ceil(place)] - below) * (place - Math.floor(place));
  };
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}
