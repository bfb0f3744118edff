import { engineError } from '../../protocol/errors';
import { lastLines, runProgram } from '../runProgram';

/** What an addon says of itself once it is loaded. */
export interface LoadedAddon {
  /** TensorFlow's version. */
  readonly tensorflow: string;
  readonly usesGpu: boolean;
}

const LOAD = `
const { exports } = [process.argv[1]].reduce((module, file) => (process.dlopen(module, file), module), { exports: {} });
console.log(JSON.stringify({ tensorflow: exports.TF_Version, usesGpu: exports.isUsingGpuDevice() }));
`;

/**
 * Loads an addon and starts TensorFlow in a process of its own: what crashes or prints there can't harm this one.
 * Throws engine-unavailable if it doesn't load.
 */
export async function checkLoads(binding: string, signal?: AbortSignal): Promise<LoadedAddon> {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', TF_CPP_MIN_LOG_LEVEL: '2' };
  const result = await runProgram(process.execPath, ['-e', LOAD, binding], { env, timeoutMs: 120_000, ...(signal ? { signal } : {}) });
  if (result.code === 0) return JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '') as LoadedAddon;
  throw engineError(
    `The native engine is there but doesn't load here: ${whyNot(result)} Use the wasm engine, or install another TensorFlow with --from.`,
  );
}

function whyNot({ killedBy, stderr }: { readonly killedBy?: NodeJS.Signals; readonly stderr: string }): string {
  if (killedBy === 'SIGILL') return 'this CPU lacks instructions that TensorFlow was built for (SIGILL).';
  if (killedBy) return `its process was ended by ${killedBy}.`;
  // Node prints its own source line and stack around the message.
  const message = /^(?:\w*Error): (.+)$/m.exec(stderr)?.[1];
  return message ? `${message}.` : lastLines(stderr);
}
