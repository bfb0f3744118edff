import { join } from 'node:path';
import { engineError } from '../../protocol/errors';
import { lastLines, runProgram } from '../runProgram';
import { BINDING_FILE, CONVOLUTIONS_FILE } from './manifest';

/** What an addon says of itself once it is loaded. */
export interface LoadedAddon {
  /** TensorFlow's version. */
  readonly tensorflow: string;
  readonly usesGpu: boolean;
  /** Why the convolutions don't load, where they don't: the engine goes without them. */
  readonly withoutConvolutions?: string;
}

const LOAD = `
const load = (file) => [file].reduce((module) => (process.dlopen(module, file), module), { exports: {} }).exports;
const [, binding, convolutions] = process.argv;
const exports = load(binding);
let withoutConvolutions;
try { load(convolutions).register(1, ''); } catch ({ message }) { withoutConvolutions = message; }
console.log(JSON.stringify({ tensorflow: exports.TF_Version, usesGpu: exports.isUsingGpuDevice(), withoutConvolutions }));
`;

/**
 * Loads the addons and starts TensorFlow in a process of its own: what crashes or prints there can't harm this one.
 * Throws engine-unavailable if it doesn't load.
 */
export async function checkLoads(folder: string, signal?: AbortSignal): Promise<LoadedAddon> {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', TF_CPP_MIN_LOG_LEVEL: '2' };
  const result = await runProgram(process.execPath, ['-e', LOAD, ...[BINDING_FILE, CONVOLUTIONS_FILE].map((name) => join(folder, name))], {
    env,
    timeoutMs: 120_000,
    ...(signal ? { signal } : {}),
  });
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
