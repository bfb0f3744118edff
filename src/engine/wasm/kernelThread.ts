import { parentPort, workerData } from 'node:worker_threads';
import { CONTROL, runShare, type KernelExports } from './sharedCall';

/** What a thread of the wasm engine is started with. */
export interface KernelThreadData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Byte address of the control words. */
  readonly control: number;
  /** The main thread is 0. */
  readonly thread: number;
}

/** A thread that helps with every call of a kernel: it sleeps until the call's number changes, takes its share, and reports. */
const { module, memory, control, thread } = workerData as KernelThreadData;
const exports = new WebAssembly.Instance(module, { env: { memory, abort: () => undefined } }).exports as KernelExports;
const words = new Int32Array(memory.buffer, control, CONTROL.words);
let seen = Atomics.load(words, CONTROL.call);
parentPort?.postMessage('ready');
for (;;) {
  Atomics.wait(words, CONTROL.call, seen);
  const call = Atomics.load(words, CONTROL.call);
  if (call === seen) continue;
  seen = call;
  try {
    runShare(exports, words, control, thread);
  } catch {
    Atomics.store(words, CONTROL.failed, 1);
  }
  Atomics.add(words, CONTROL.finished, 1);
  Atomics.notify(words, CONTROL.finished);
}
