import { availableParallelism } from 'node:os';

/** What TensorFlow was told before its library was loaded. */
export interface NativeSettings {
  /** Threads that one op may use. */
  readonly threads: number;
  /** By name, for people and for a rerun. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Writes into the environment what TensorFlow reads there when its library is loaded, and only then. What a user has set stays.
 *
 * - oneDNN's kernels: by itself TensorFlow uses them only on CPUs with AVX512-VNNI and falls back to kernels of half their
 *   speed elsewhere, silently.
 * - Threads within an op and across ops: as many as this process may use, where TensorFlow would take all that the machine has.
 */
export function applySettings(env: NodeJS.ProcessEnv = process.env): NativeSettings {
  const cores = String(availableParallelism());
  env['TF_ENABLE_ONEDNN_OPTS'] ??= '1';
  env['TF_NUM_INTRAOP_THREADS'] ??= cores;
  env['TF_NUM_INTEROP_THREADS'] ??= cores;
  env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  return {
    threads: Number(env['TF_NUM_INTRAOP_THREADS']) || Number(cores),
    settings: {
      oneDNN: /^(0|false)$/i.test(env['TF_ENABLE_ONEDNN_OPTS']) ? 'off' : 'on',
      'threads across ops': String(Number(env['TF_NUM_INTEROP_THREADS']) || cores),
    },
  };
}
