import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { benchMessageSchema, type BenchMessage, type Ready, type Repeat } from '../../protocol/benchMessages';
import { LabError } from '../../protocol/errors';
import { workerArguments } from './benchOptions';
import type { BenchCase } from './benchCase';

/** A process of its own that measures one case, so that its peak memory is that case's. */
export class WorkerProcess {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly lines: AsyncIterator<string>;
  private complaints = '';

  /** @param signal ends the process at once, whatever it is doing */
  constructor(bench: BenchCase, signal: AbortSignal) {
    signal.throwIfAborted();
    const [, script = ''] = process.argv;
    this.child = spawn(process.execPath, [...process.execArgv, script, ...workerArguments(bench)], {
      stdio: ['pipe', 'pipe', 'pipe'],
      signal,
      killSignal: 'SIGKILL',
    });
    // Told to whoever waits for a line: its output ends.
    this.child.on('error', () => undefined);
    this.child.stdin.on('error', () => undefined);
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.complaints += text));
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** @throws LabError that the process tells, such as that its engine doesn't load */
  async ready(): Promise<Ready> {
    const message = await this.message();
    if (message.kind !== 'ready') throw new Error(`a measuring process said "${message.kind}" before it was ready`);
    return message;
  }

  async repeat(): Promise<Repeat> {
    this.child.stdin.write('\n');
    const message = await this.message();
    if (message.kind !== 'repeat') throw new Error(`a measuring process said "${message.kind}" in place of a repeat`);
    return message;
  }

  end(): void {
    this.child.stdin.end();
    this.child.kill('SIGKILL');
  }

  private async message(): Promise<BenchMessage> {
    for (;;) {
      const { done, value } = await this.lines.next();
      if (done) throw new Error(`a measuring process ended in the middle${this.complaints && `: ${this.complaints.trim().slice(-400)}`}`);
      // A library may print lines of its own.
      if (!value.startsWith('{')) continue;
      const message = benchMessageSchema.parse(JSON.parse(value));
      if (message.kind === 'error') throw new LabError(message.error.code, message.error.exitCode, message.error.message);
      return message;
    }
  }
}
