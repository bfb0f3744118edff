import { engineError } from '../../protocol/errors';
import { lastLines, runProgram } from './run';

const LOAD = 'const m={exports:{}};process.dlopen(m,process.argv[1]);console.log(m.exports.TF_Version)';

/**
 * Loads an addon in a process of its own: what crashes or prints there can't harm this one.
 * Returns TensorFlow's version. Throws engine-unavailable if it doesn't load.
 */
export async function checkLoads(binding: string, signal?: AbortSignal): Promise<string> {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', TF_CPP_MIN_LOG_LEVEL: '2' };
  const result = await runProgram(process.execPath, ['-e', LOAD, binding], { env, timeoutMs: 120_000, ...(signal ? { signal } : {}) });
  if (result.code === 0) return result.stdout.trim();
  throw engineError(
    `The native engine was built but doesn't load here: ${lastLines(result.stderr)} Use the wasm engine, or install another TensorFlow.`,
  );
}
