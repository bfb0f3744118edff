import { fork, type ChildProcess } from 'node:child_process';
import { childMessageSchema, type IntentBody } from '../../protocol/childMessages';
import { notNowError, type ErrorInfo } from '../../protocol/errors';
import { type RunEvent } from '../../protocol/events';
import { exhausted } from '../exhausted';
import { FloodGate } from './floodGate';
import { LineSplitter } from './lineSplitter';
import { PendingIntents, type IntentResult } from './pendingIntents';
import { type RunOutcome, type TrainerEnd } from './trainerEnd';

export interface TrainerOptions {
  /** Path of `dist/cli.js`. */
  readonly cli: string;
  /** Its arguments, such as `run FILE --out DIR --ipc`. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  onEvent(event: RunEvent): void;
  /** A line of the process's output, or a remark on the process by this class. */
  onLine(line: string, from: 'stdout' | 'stderr' | 'editor'): void;
  /** Milliseconds between asking to stop, SIGTERM and SIGKILL. */
  readonly patience?: { readonly term: number; readonly kill: number };
}

const KEPT_LINES = 20;
/** More lines a second nobody reads. */
const LINES_PER_SECOND = 200;
/** A step may take seconds; a resume point is written after it. */
const PATIENCE = { term: 10_000, kill: 5_000 };
/** A grandchild that holds the pipes open may not keep the end from being told. */
const DRAIN_MS = 1000;

/** The training process, seen from the editor: events out, intents in, and one end that is always told. */
export class TrainerProcess {
  /** Settles once, when the process is gone and its output is read. Never rejects. */
  readonly stopped: Promise<TrainerEnd>;
  private readonly child: ChildProcess;
  private readonly intents = new PendingIntents();
  private readonly lastLines: string[] = [];
  private readonly gate = new FloodGate(LINES_PER_SECOND, (count) =>
    this.options.onLine(`${count} lines of the training process are left out: it wrote too many in too short a time.`, 'editor'),
  );
  private outcome: RunOutcome | null = null;
  private fatal: ErrorInfo | null = null;
  private asked = false;
  private ended = false;

  constructor(private readonly options: TrainerOptions) {
    const { cli, args, env, cwd } = options;
    this.child = fork(cli, [...args], { env, ...(cwd ? { cwd } : {}), execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.child.on('message', (message) => this.receive(message));
    for (const from of ['stdout', 'stderr'] as const) this.readLines(from);
    this.stopped = this.whenEnded();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Asks the process for something; the answer comes at its next step, or at its end as a refusal. */
  send(body: IntentBody): Promise<IntentResult> {
    if (this.ended || !this.child.connected) return Promise.resolve({ ok: false, error: GONE });
    if (body.intent === 'stop') this.asked = true;
    const { id, answered } = this.intents.open();
    this.child.send({ ...body, id }, (error) => {
      if (error) this.intents.answer(id, GONE);
    });
    return answered;
  }

  /** Asks the process to stop; then insists, because a researcher who stops a run needs the GPU back. */
  async stop(): Promise<TrainerEnd> {
    const { term, kill } = this.options.patience ?? PATIENCE;
    this.asked = true;
    void this.send({ intent: 'stop' });
    const timers = [setTimeout(() => this.signal('SIGTERM'), term), setTimeout(() => this.signal('SIGKILL'), term + kill)];
    const end = await this.stopped;
    timers.forEach(clearTimeout);
    return end;
  }

  /** Lets go: the process sees the channel close, writes a resume point at its next step and ends by itself. */
  release(): void {
    this.asked = true;
    if (this.child.connected) this.child.disconnect();
  }

  private signal(signal: NodeJS.Signals): void {
    this.options.onLine(`The training process doesn't stop by itself: sending ${signal}.`, 'editor');
    this.child.kill(signal);
  }

  private receive(message: unknown): void {
    const parsed = childMessageSchema.safeParse(message);
    if (!parsed.success)
      return this.pass(
        `A message of the training process is not understood and left out: ${JSON.stringify(message).slice(0, 200)}`,
        'editor',
      );
    switch (parsed.data.type) {
      case 'opened':
        return;
      case 'event':
        if (parsed.data.event.kind === 'run-ended') this.outcome = parsed.data.event.outcome;
        return this.options.onEvent(parsed.data.event);
      case 'reply':
        return this.intents.answer(parsed.data.id, parsed.data.error);
      case 'fatal':
        this.fatal = parsed.data.error;
        return;
      default:
        return exhausted(parsed.data);
    }
  }

  private pass(line: string, from: 'stdout' | 'stderr' | 'editor'): void {
    if (this.gate.passes()) this.options.onLine(line, from);
  }

  private readLines(from: 'stdout' | 'stderr'): void {
    const splitter = new LineSplitter((line) => {
      if (from === 'stderr') this.lastLines.push(line);
      if (this.lastLines.length > KEPT_LINES) this.lastLines.shift();
      this.pass(line, from);
    });
    this.child[from]
      ?.setEncoding('utf8')
      .on('data', (chunk: string) => splitter.write(chunk))
      .on('end', () => splitter.end());
  }

  private whenEnded(): Promise<TrainerEnd> {
    return new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null) => {
        this.ended = true;
        this.gate.end();
        this.intents.refuseAll(this.fatal ?? GONE);
        const { outcome, fatal, asked, lastLines } = this;
        resolve({ code, signal, outcome, fatal, asked, lastLines: [...lastLines] });
      };
      this.child.once('error', (error) => {
        if (this.child.pid !== undefined) return; // A failed signal or message: the end itself is still to come.
        this.fatal = { code: 'internal', message: `The training process can't be started: ${error.message}.`, exitCode: 1 };
        end(null, null);
      });
      this.child.once('exit', (code, signal) => {
        const late = setTimeout(() => end(code, signal), DRAIN_MS);
        this.child.once('close', () => {
          clearTimeout(late);
          end(code, signal);
        });
      });
    });
  }
}

const GONE: ErrorInfo = notNowError('The training process has ended; resume the run to go on.').toInfo();
