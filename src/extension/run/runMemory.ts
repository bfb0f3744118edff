import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Which run of a workspace is in progress, kept in a file of the extension's own. Written at once: the editor's memento
 * reaches the disk some time later, which is too late where a window reloads or its host is killed.
 */
export class RunMemory {
  private readonly file: string;

  constructor(folder: string) {
    this.file = path.join(folder, 'run-in-progress.txt');
  }

  remember(runDir: string): void {
    mkdirSync(path.dirname(this.file), { recursive: true });
    writeFileSync(this.file, runDir);
  }

  forget(): void {
    rmSync(this.file, { force: true });
  }

  recall(): string | undefined {
    try {
      return readFileSync(this.file, 'utf8') || undefined;
    } catch {
      return undefined;
    }
  }
}
