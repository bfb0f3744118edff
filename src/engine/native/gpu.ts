import { engineError } from '../../protocol/errors';
import { runProgram } from '../runProgram';
import { compareVersions } from './versionOrder';

/** An NVIDIA GPU and the version of its driver, such as `550.54.15`. */
export interface NvidiaGpu {
  readonly name: string;
  readonly driver: string;
}

/** For which device an engine is installed, and a sentence where that isn't what the machine promises. */
export interface ChosenDevice {
  readonly device: 'cpu' | 'gpu';
  readonly notice?: string;
}

/** CUDA 12, which TensorFlow's wheels are built with, runs with this Linux driver or a newer one (NVIDIA's CUDA compatibility table). */
const OLDEST_DRIVER = '525.60.13';

/** The first GPU that nvidia-smi reports; undefined if it isn't there or finds none. */
export async function findNvidiaGpu(signal?: AbortSignal): Promise<NvidiaGpu | undefined> {
  const query = ['--query-gpu=name,driver_version', '--format=csv,noheader'];
  const result = await runProgram('nvidia-smi', query, { timeoutMs: 10_000, ...(signal ? { signal } : {}) });
  return result.code === 0 ? parseNvidiaSmi(result.stdout) : undefined;
}

/** Reads lines such as `NVIDIA H100 80GB HBM3, 550.54.15`; undefined if there is none. */
export function parseNvidiaSmi(output: string): NvidiaGpu | undefined {
  const [, name, driver] = /^(.+?),\s*(\d+(?:\.\d+)+)\s*$/m.exec(output) ?? [];
  return name && driver ? { name, driver } : undefined;
}

/**
 * The device to install for: the one asked for, else the GPU if there is one whose driver serves. It may be asked for
 * where nvidia-smi finds none, as when an image is built for another machine.
 *
 * @throws engine-unavailable if the GPU is asked for and its driver is too old
 */
export function chooseDevice(asked: 'cpu' | 'gpu' | undefined, gpu: NvidiaGpu | undefined): ChosenDevice {
  if (asked === 'cpu' || (!gpu && !asked)) return { device: 'cpu' };
  if (!gpu || compareVersions(gpu.driver, OLDEST_DRIVER) >= 0) return { device: 'gpu' };
  const problem = `The driver of the ${gpu.name} is ${gpu.driver}, and CUDA 12 needs ${OLDEST_DRIVER} or newer`;
  if (asked === 'gpu') throw engineError(`${problem}. Update NVIDIA's driver, or install for the CPU with --cpu.`);
  return { device: 'cpu', notice: `${problem}; installing for the CPU. After an update of NVIDIA's driver, install again` };
}
