import { join, resolve } from 'node:path';
import { engineError } from '../../protocol/errors';
import { defineCommand } from './command';

/** For `npm run package`: what a package carries so that its users need no compiler. */
export const enginePrebuildCommand = defineCommand({
  name: 'engine prebuild',
  summary: "Builds the native engine's binding into a folder, for a package.",
  positionals: 'FOLDER',
  minPositionals: 1,
  maxPositionals: 1,
  hidden: true,
  options: {},
  async execute(_values, [folder = ''], io) {
    const [{ listNative }, { findPythonTensorflow }, { buildPrebuilt }] = await Promise.all([
      import('../../engine/native/manifest'),
      import('../../engine/native/python'),
      import('../../engine/native/prebuilt'),
    ]);
    const engines = listNative().flatMap(({ engine }) => engine ?? []);
    const tensorflow = engines[0]?.folder ?? (await findPythonTensorflow())?.folder;
    if (tensorflow === undefined)
      throw engineError("The binding needs TensorFlow's C headers: install the native engine first, with `engine install`.");
    await buildPrebuilt(resolve(io.cwd, folder), join(tensorflow, 'include'));
    return 0;
  },
});
