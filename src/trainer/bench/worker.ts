import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { chooseEngine } from '../../engine/choose';
import type { BenchMessage, Repeat } from '../../protocol/benchMessages';
import { configError, toErrorInfo } from '../../protocol/errors';
import type { Output } from '../commands/command';
import type { BenchCase } from './benchCase';
import { measured, type Measured } from './measured';
import { opByOp, timeOps } from './opTimes';

/**
 * A process that measures one case: it warms up, says so, and then measures one repeat for each line that it is sent, so that several
 * such processes can take turns. It ends with its input.
 * @param ops on the native engine: runs op by op, and times each op
 * @returns the exit code; an error is told as a line, like everything else
 */
export async function benchWorker(bench: BenchCase, ops: boolean, input: Readable, output: Output): Promise<number> {
  const say = (message: BenchMessage) => output.write(`${JSON.stringify(message)}\n`);
  try {
    const { engine } = await chooseEngine(bench.engine);
    if (ops && engine.info.engine !== 'native') throw configError('--ops is for the native engine; choose it with --engine native.');
    const subject = await measured(ops ? opByOp(engine) : engine, bench);
    const calls = await warmUp(subject, bench.seconds);
    const { images, gflop, elementwiseGigabytes } = subject;
    say({ kind: 'ready', engine: engine.info, images, gflop, ...(elementwiseGigabytes && { elementwiseGigabytes }) });
    const timer = ops ? timeOps() : null;
    for await (const _ of createInterface({ input })) {
      timer?.collected();
      const result = await repeat(subject, calls);
      say({ kind: 'repeat', ...result, ...(timer && { ops: timer.collected() }) });
    }
    timer?.end();
    engine.dispose();
    return 0;
  } catch (error) {
    const info = toErrorInfo(error);
    say({ kind: 'error', error: info });
    return info.exitCode;
  }
}

/** The first call records graphs, the second is the first that only runs them. @returns calls of a repeat */
async function warmUp(subject: Measured, seconds: number): Promise<number> {
  const { call, share } = subject.brief ?? { call: subject.call, share: 1 };
  await call();
  return Math.max(1, Math.ceil((seconds * share) / (await secondsOf(call))));
}

async function repeat(subject: Measured, calls: number): Promise<Repeat> {
  const faults = process.resourceUsage().minorPageFault;
  const total = await secondsOf(async () => {
    for (let i = 0; i < calls; i++) await subject.call();
  });
  const pageFaults = (process.resourceUsage().minorPageFault - faults) / calls;
  const result = { seconds: total / calls, calls, peakMemoryMiB: peakMemoryMiB(), pageFaults };
  const { prepare } = subject;
  return prepare ? { ...result, preparationSeconds: await secondsOf(prepare) } : result;
}

async function secondsOf(job: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await job();
  return (performance.now() - started) / 1000;
}

/** The high-water mark of resident memory since this program began: VmHWM. Elsewhere than on Linux, what getrusage says. */
function peakMemoryMiB(): number {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kib !== undefined) return Number(kib) / 1024;
  } catch {
    // No /proc here.
  }
  return process.resourceUsage().maxRSS / 1024;
}
