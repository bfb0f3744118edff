import { configError } from '../../protocol/errors';
import { ENGINES } from '../../protocol/words';
import type { EngineWish } from '../engineOfRun';

const WISHES = ['auto', ...ENGINES] as const;

/** The value of a command's `--engine`, where it is given. @throws LabError `config-invalid` */
export function engineWish(command: string, name: string | undefined): EngineWish | undefined {
  if (name === undefined) return undefined;
  const found = WISHES.find((wish) => wish === name);
  // The engine `cpu` is for tests.
  if (!found)
    throw configError(`"${command}" knows no engine "${name}"; use one of ${WISHES.filter((wish) => wish !== 'cpu').join(', ')}.`);
  return found;
}
