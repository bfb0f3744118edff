import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LIBRARIES } from './manifest';
import { runProgram } from '../runProgram';

/** A TensorFlow in the user's Python. */
export interface PythonTensorflow {
  readonly version: string;
  /** The distribution's name, `tensorflow` or `tensorflow-cpu`. */
  readonly distribution: string;
  /** The package's folder, which holds the libraries and `include`. */
  readonly folder: string;
}

const NAMES = ['python3', 'python'];

// Importing tensorflow takes seconds and prints; finding its folder does neither.
const FIND_TENSORFLOW = `
import importlib.util, importlib.metadata, json
spec = importlib.util.find_spec('tensorflow')
found = None
if spec is not None and spec.submodule_search_locations:
    for name in ('tensorflow', 'tensorflow-cpu'):
        try:
            found = {'version': importlib.metadata.version(name), 'distribution': name, 'folder': list(spec.submodule_search_locations)[0]}
            break
        except importlib.metadata.PackageNotFoundError:
            pass
print(json.dumps(found))
`;

const answer = z.object({ version: z.string(), distribution: z.string(), folder: z.string() }).nullable();

/**
 * Looks for a TensorFlow 2.15 or newer in the user's Python, without importing it. Undefined if there is none
 * whose libraries and C headers are there.
 */
export async function findPythonTensorflow(signal?: AbortSignal): Promise<PythonTensorflow | undefined> {
  for (const python of NAMES) {
    const result = await runProgram(python, ['-c', FIND_TENSORFLOW], { timeoutMs: 20_000, ...(signal ? { signal } : {}) });
    if (result.code !== 0) continue;
    const found = parseAnswer(result.stdout);
    if (found && isUsable(found)) return found;
  }
  return undefined;
}

/** The command that runs pip, as program and leading arguments; undefined if there is no pip. */
export async function findPip(signal?: AbortSignal): Promise<readonly string[] | undefined> {
  const candidates = [...NAMES.map((python) => [python, '-m', 'pip']), ['pip3'], ['pip']];
  for (const [program = '', ...args] of candidates) {
    const result = await runProgram(program, [...args, '--version'], { timeoutMs: 20_000, ...(signal ? { signal } : {}) });
    if (result.code === 0) return [program, ...args];
  }
  return undefined;
}

function parseAnswer(text: string): PythonTensorflow | undefined {
  try {
    return answer.parse(JSON.parse(text.trim().split('\n').at(-1) ?? '')) ?? undefined;
  } catch {
    return undefined;
  }
}

function isUsable({ version, folder }: PythonTensorflow): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const files = [...LIBRARIES, 'include/tensorflow/c/eager/c_api.h'];
  return major === 2 && minor >= 15 && files.every((name) => existsSync(join(folder, name)));
}
