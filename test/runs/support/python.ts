import { spawnSync } from 'node:child_process';

/** A Python that has a module; undefined where none of the usual ones does. */
export const pythonWith = (module: string): string | undefined =>
  ['python3', 'python', '/usr/bin/python3'].find((name) => spawnSync(name, ['-c', `import ${module}`]).status === 0);
