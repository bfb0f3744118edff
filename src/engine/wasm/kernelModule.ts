import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { startKernelThreads } from './kernelThreads';
import { CONTROL, runShare, SHARED_KERNELS, type KernelExports, type SharedKernel } from './sharedCall';

/** The heap of tfjs-backend-wasm: its memory, and its allocator. */
export interface Heap {
  readonly memory: WebAssembly.Memory;
  allocate(bytes: number): number;
  free(address: number): void;
}

/** Calls of less arithmetic than this would take longer to share out than to run. */
const WORTH_SHARING = 200_000;
const LINE = 64;

/**
 * Our own kernels (./assembly), working in tfjs's memory on several threads. How the work is cut doesn't depend on the number
 * of threads, and no sum is formed by more than one of them: results are the same to the last bit for any number.
 */
export class KernelModule {
  readonly exports: KernelExports;
  private readonly module: WebAssembly.Module;
  private readonly control: number;
  private readonly words: Int32Array;
  private helpers = 0;
  private room = { address: 0, bytes: 0 };

  /**
   * @param folder where the build leaves `kernels.wasm` and `kernels-relaxed.wasm`
   * @param plainSimd takes those without relaxed SIMD, even where this Node.js has it
   */
  constructor(
    folder: string,
    private readonly heap: Heap,
    plainSimd = false,
  ) {
    this.module = new WebAssembly.Module(plainSimd ? read(folder, 'kernels.wasm') : bestFor(folder));
    this.exports = new WebAssembly.Instance(this.module, { env: { memory: heap.memory, abort: () => undefined } }).exports as KernelExports;
    this.control = aligned(heap.allocate(4 * CONTROL.words + LINE));
    this.words = new Int32Array(heap.memory.buffer, this.control, CONTROL.words).fill(0);
  }

  /** Threads that work, this one included. */
  get threads(): number {
    return this.helpers + 1;
  }

  /** Starts threads until there are so many. */
  async useThreads(threads: number): Promise<void> {
    const { module, control } = this;
    this.helpers += await startKernelThreads({ module, memory: this.heap.memory, control }, this.threads, threads);
  }

  /** Whether the multiply-add rounds once on this machine; results differ in their last bits from one that rounds twice. */
  get roundsOnce(): boolean {
    return this.exports.roundsOnce() === 1;
  }

  /**
   * Memory for what one call needs beside its tensors, of the given sizes in bytes. Valid until the next call of this method.
   * @returns an address for each size, at the start of a cache line
   */
  scratch(...sizes: number[]): number[] {
    const padded = sizes.map(aligned);
    const bytes = padded.reduce((sum, size) => sum + size, LINE);
    if (bytes > this.room.bytes) {
      if (this.room.bytes > 0) this.heap.free(this.room.address);
      this.room = { address: this.heap.allocate(bytes), bytes };
    }
    let next = aligned(this.room.address);
    return padded.map((size) => {
      const address = next;
      next += size;
      return address;
    });
  }

  integers(address: number, length: number): Int32Array {
    return new Int32Array(this.heap.memory.buffer, address, length);
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.heap.memory.buffer, address, length);
  }

  /**
   * Runs a kernel on all threads and returns when it is done.
   * @param operations about how many it makes
   * @param frames room that each thread needs by itself: thread k's begins at address + k · bytes
   */
  share(kernel: SharedKernel, operations: number, args: readonly number[], frames = { address: 0, bytes: 0 }): void {
    const { words } = this;
    words[CONTROL.kernel] = SHARED_KERNELS.indexOf(kernel);
    words[CONTROL.frames] = frames.address;
    words[CONTROL.frameBytes] = frames.bytes;
    words[CONTROL.argumentCount] = args.length;
    words.set(args, CONTROL.arguments);
    words[CONTROL.counter] = 0;
    const helped = this.helpers > 0 && operations >= WORTH_SHARING;
    if (helped) {
      Atomics.store(words, CONTROL.finished, 0);
      Atomics.add(words, CONTROL.call, 1);
      Atomics.notify(words, CONTROL.call);
    }
    try {
      runShare(this.exports, words, this.control, 0);
    } finally {
      if (helped) this.awaitHelpers();
    }
    if (words[CONTROL.failed] !== 0) throw new Error(`the kernel ${kernel} failed in a thread`);
  }

  private awaitHelpers(): void {
    for (;;) {
      const finished = Atomics.load(this.words, CONTROL.finished);
      if (finished === this.helpers) return;
      Atomics.wait(this.words, CONTROL.finished, finished);
    }
  }
}

const aligned = (bytes: number): number => Math.ceil(bytes / LINE) * LINE;

const read = (folder: string, name: string) => new Uint8Array(readFileSync(join(folder, name)));

/** The kernels with a multiply-add that rounds once, where this Node.js has it; else those of plain SIMD. */
function bestFor(folder: string): Uint8Array<ArrayBuffer> {
  const relaxed = read(folder, 'kernels-relaxed.wasm');
  // Node.js 20 has it behind a flag.
  if (!WebAssembly.validate(relaxed) && process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');
  return WebAssembly.validate(relaxed) ? relaxed : read(folder, 'kernels.wasm');
}
