import { configSchema } from '../../protocol/config';
import { configError } from '../../protocol/errors';
import type { EngineWish } from '../engineOfRun';

/** The value of `--engine`, where it is given. @throws LabError `config-invalid` */
export function engineWish(name: string | undefined): EngineWish | undefined {
  if (name === undefined) return undefined;
  const wish = configSchema.shape.engine.safeParse(name);
  if (!wish.success) throw configError(`There is no engine "${name}"; --engine takes auto, native, webgpu or wasm.`);
  return wish.data;
}
