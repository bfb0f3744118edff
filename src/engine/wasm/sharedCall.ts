/** Kernels that every thread takes a share of. Each ends with its thread's frames and the counter of units. */
export const SHARED_KERNELS = [
  'convolve',
  'winograd',
  'winogradGradient',
  'finishWinogradGradient',
  'filterGradient',
  'imageMoments',
  'affine',
  'imageGradientSums',
  'batchNormGradient',
  'imageSums',
  'reluGradient',
  'repeatPixels',
] as const;
export type SharedKernel = (typeof SHARED_KERNELS)[number];

/** Those that one thread runs by itself, before or after the others' shares. */
type OwnKernel =
  'packFilter' | 'packWinograd' | 'addChunks' | 'batchMoments' | 'slopes' | 'gradientCoefficients' | 'addImages' | 'roundsOnce';

/** What ./assembly exports. */
export type KernelExports = Readonly<Record<SharedKernel | OwnKernel, (...args: number[]) => number>>;

/** Where the words of a call are, as indices of an Int32Array over shared memory. */
export const CONTROL = {
  /** Number of the call: threads sleep on it. */
  call: 0,
  /** How many threads have finished it. */
  finished: 1,
  /** The next unit of work. */
  counter: 2,
  kernel: 3,
  frames: 4,
  frameBytes: 5,
  argumentCount: 6,
  /** 1 once a thread's share has failed. */
  failed: 7,
  arguments: 8,
  words: 40,
} as const;

/** One thread's part of the call that the control words describe: units until there are none left. */
export function runShare(exports: KernelExports, words: Int32Array, control: number, thread: number): void {
  const word = (index: number): number => words[index] ?? 0;
  const name = SHARED_KERNELS[word(CONTROL.kernel)];
  if (!name) throw new Error(`there is no kernel ${word(CONTROL.kernel)}`);
  const args = words.subarray(CONTROL.arguments, CONTROL.arguments + word(CONTROL.argumentCount));
  const frames = word(CONTROL.frames) + thread * word(CONTROL.frameBytes);
  exports[name](...args, frames, control + 4 * CONTROL.counter);
}
