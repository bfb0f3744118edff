import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FuzzTarget } from './target';

/** A place outside of every sandbox to which hostile inputs try to write. */
export const ESCAPE = join(tmpdir(), 'mnemonics-fuzz-escape');

/** A target's folder, in a folder of its own: what a reader leaves in either, or at {@link ESCAPE}, is seen. */
export class Sandbox {
  readonly folder: string;
  private readonly prepared: ReadonlyMap<string, string>;

  constructor(
    private readonly base: string,
    private readonly target: FuzzTarget,
  ) {
    rmSync(base, { recursive: true, force: true });
    this.folder = join(base, 'above', 'folder');
    mkdirSync(dirname(join(this.folder, target.file)), { recursive: true });
    target.prepare?.(this.folder);
    this.prepared = this.list();
  }

  put(input: Uint8Array): void {
    writeFileSync(join(this.folder, this.target.file), input);
  }

  /** Takes away what is there now and wasn't before. @returns its paths, as seen from the target's folder */
  changes(): string[] {
    const now = this.list();
    const changed = [...now].filter(([path, stamp]) => this.prepared.get(path) !== stamp).map(([path]) => path);
    for (const path of changed) rmSync(join(this.folder, path), { recursive: true, force: true });
    const gone = [...this.prepared.keys()].filter((path) => !now.has(path)).map((path) => `${path} (removed)`);
    if (!existsSync(ESCAPE)) return [...changed, ...gone];
    rmSync(ESCAPE, { recursive: true, force: true });
    return [...changed, ...gone, ESCAPE];
  }

  /** Everything below the base but the input, by its path from the target's folder, with what shows that it was written. */
  private list(): Map<string, string> {
    const found = new Map<string, string>();
    const walk = (dir: string, path: string) => {
      for (const entry of readdirSync(dir, { withFileTypes: true })) {
        const [inner, full] = [`${path}${entry.name}`, join(dir, entry.name)];
        if (inner === this.target.file) continue;
        if (entry.isDirectory()) {
          if (full !== this.folder) found.set(inner, 'folder');
          walk(full, full === this.folder ? '' : `${inner}/`);
        } else {
          const { size, mtimeMs } = lstatSync(full);
          found.set(inner, `${size} ${mtimeMs}`);
        }
      }
    };
    walk(this.base, '../../');
    return found;
  }
}
