import path from 'node:path';
import * as vscode from 'vscode';
import { type IntentBody } from '../../protocol/childMessages';
import { notNowError } from '../../protocol/errors';
import { type RunEvent } from '../../protocol/events';
import { childEnvironment, INSIDE_ELECTRON } from '../process/childEnvironment';
import { type IntentResult } from '../process/pendingIntents';
import { type TrainerEnd } from '../process/trainerEnd';
import { TrainerProcess } from '../process/trainerProcess';
import { LiveRun } from './liveRun';

export interface RunEnd {
  readonly run: LiveRun;
  readonly end: TrainerEnd;
}

/** The one run of this window: starts its process, passes intents on, and tells everybody else how it goes. */
export class RunController implements vscode.Disposable {
  private readonly started = new vscode.EventEmitter<LiveRun>();
  private readonly progressed = new vscode.EventEmitter<readonly RunEvent[]>();
  private readonly ended = new vscode.EventEmitter<RunEnd>();
  private active: { readonly run: LiveRun; readonly trainer: TrainerProcess } | undefined;

  readonly onDidStart = this.started.event;
  /** Batches of new events of the current run. */
  readonly onDidProgress = this.progressed.event;
  readonly onDidEnd = this.ended.event;

  /** @param cli path of the built command line, whose job the training process is. */
  constructor(
    private readonly cli: string,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get current(): LiveRun | undefined {
    return this.active?.run;
  }

  /** The run of a folder, if it is the one that runs here. */
  live(runDir: string): LiveRun | undefined {
    return this.current?.runDir === runDir ? this.current : undefined;
  }

  /** Starts a new run of a saved experiment file. */
  start(config: string, runDir: string): void {
    this.launch(new LiveRun(runDir), ['run', config, '--out', runDir, '--ipc'], path.dirname(config));
  }

  /**
   * Goes on with a run where it stopped.
   * @param before what the run has logged so far
   * @param onThisEngine true where the user agreed to another engine than the run has had
   */
  resume(runDir: string, before: readonly RunEvent[], onThisEngine = false): void {
    const args = ['resume', runDir, '--ipc', ...(onThisEngine ? ['--allow-different-engine'] : [])];
    this.launch(new LiveRun(runDir, before), args, path.dirname(runDir));
  }

  /** Passes an intent on; the answer says why where it can't be done. Stopping insists until the process is gone. */
  send(body: IntentBody): Promise<IntentResult> {
    if (!this.active)
      return Promise.resolve({ ok: false, error: notNowError('No run is going on in this window; start or resume one first.').toInfo() });
    return body.intent === 'stop' ? this.stop() : this.active.trainer.send(body);
  }

  /** Lets the process go: it writes a resume point and ends by itself. Called when the window closes. */
  dispose(): void {
    this.active?.trainer.release();
    for (const emitter of [this.started, this.progressed, this.ended]) emitter.dispose();
  }

  private async stop(): Promise<IntentResult> {
    await this.active?.trainer.stop();
    return { ok: true };
  }

  private launch(run: LiveRun, args: string[], cwd: string): void {
    if (this.active) throw notNowError('A run is going on in this window already; stop it first.');
    this.log.info(`Starting: cli.js ${args.join(' ')}`);
    const trainer = new TrainerProcess({
      cli: this.cli,
      args,
      cwd,
      env: childEnvironment(process.env, { installs: false, insideElectron: INSIDE_ELECTRON }),
      onEvent: (event) => run.add(event),
      // Standard error carries what a person reads, warnings or not; only remarks of our own are certainly warnings.
      onLine: (line, from) => (from === 'editor' ? this.log.warn(line) : this.log.info(line)),
    });
    this.log.info(`The training process has the number ${trainer.pid ?? '?'}.`);
    this.active = { run, trainer };
    this.started.fire(run);
    run.listen((events) => this.progressed.fire(events));
    void trainer.stopped.then((end) => {
      run.flush();
      this.log.info(`The training process has ended (${end.signal ?? `exit code ${end.code}`}).`);
      this.active = undefined;
      this.ended.fire({ run, end });
    });
  }
}
