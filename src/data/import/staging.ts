import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { dataError } from '../../protocol/errors';
import type { SourceFile } from './source';
import { isRunning } from '../../store/isRunning';
import { parseJson } from '../../store/parseJson';
import { readTextSync, SMALL_FILE } from '../../store/readText';

/** Sums of a copied file, hexadecimal. */
export interface Copied {
  readonly md5: string;
  readonly sha256: string;
}

const journalLineSchema = z.object({ path: z.string(), identity: z.string(), md5: z.string(), sha256: z.string() });
type JournalLine = z.infer<typeof journalLineSchema>;

const JOURNAL = 'journal.jsonl';
const LOCK = 'lock';
/** A line for each of millions of files. */
const LONGEST_JOURNAL = 2 ** 29;
/** No file of a data set is larger, since each is read whole. An archive of a few megabytes can say that it has a terabyte. */
const LARGEST_FILE = 2 ** 31;

/**
 * The folder in which a data set is put together: `.importing-<name>` beside where it will be. What is complete in it is noted in a
 * journal, so that an import that was stopped goes on from there.
 */
export class Staging {
  private readonly done = new Map<string, JournalLine>();

  private constructor(
    readonly dir: string,
    /** Where the files are. */
    readonly files: string,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * @param source tells whether what is left of an earlier try came from the same source; else it is thrown away
   * @throws LabError `data-invalid` where another process imports the same set
   */
  static open(dataFolder: string, name: string, source: string, signal: AbortSignal): Staging {
    const dir = join(dataFolder, `.importing-${name}`);
    mkdirSync(dir, { recursive: true });
    takeLock(join(dir, LOCK), name);
    const staging = new Staging(dir, join(dir, 'files'), signal);
    const [first, ...lines] = readLines(join(dir, JOURNAL));
    if (first === source) for (const line of lines) staging.remember(line);
    else {
      rmSync(staging.files, { recursive: true, force: true });
      writeFileSync(join(dir, JOURNAL), `${source}\n`);
    }
    mkdirSync(staging.files, { recursive: true });
    return staging;
  }

  /**
   * Copies a file, or finds that an earlier try has copied it. Nothing half-written keeps the file's name.
   * @throws LabError `data-invalid` where it is larger than any file of a data set
   */
  async copy(file: SourceFile, path = file.path): Promise<Copied> {
    if (file.size > LARGEST_FILE)
      throw dataError(`"${file.path}" would have ${file.size} bytes, more than any file of a data set; get the published files.`);
    const target = join(this.files, path);
    const earlier = this.done.get(path);
    if (earlier?.identity === file.identity && statSync(target, { throwIfNoEntry: false })?.size === file.size) return earlier;
    mkdirSync(dirname(target), { recursive: true });
    const part = `${target}.part`;
    try {
      const sums = await write(part, file, this.signal);
      await rename(part, target);
      const line: JournalLine = { path, identity: file.identity, ...sums };
      appendFileSync(join(this.dir, JOURNAL), `${JSON.stringify(line)}\n`);
      return line;
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  /** Throws everything away. */
  discard(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Keeps what is complete for a later try. */
  keep(): void {
    rmSync(join(this.dir, LOCK), { force: true });
  }

  private remember(text: string): void {
    try {
      const line = journalLineSchema.parse(parseJson(text));
      this.done.set(line.path, line);
    } catch {
      // The last line of a process that was killed: that file is copied again.
    }
  }
}

async function write(path: string, { content }: SourceFile, signal: AbortSignal): Promise<Copied> {
  const [md5, sha256] = [createHash('md5'), createHash('sha256')];
  const file = await open(path, 'w');
  try {
    for await (const chunk of content) {
      signal.throwIfAborted();
      md5.update(chunk);
      sha256.update(chunk);
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  return { md5: md5.digest('hex'), sha256: sha256.digest('hex') };
}

const readLines = (path: string): string[] =>
  existsSync(path)
    ? readTextSync(path, LONGEST_JOURNAL)
        .split('\n')
        .filter((line) => line !== '')
    : [];

/** A lock whose process has ended is taken over. */
function takeLock(path: string, name: string): void {
  try {
    return writeFileSync(path, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const owner = Number(readTextSync(path, SMALL_FILE));
  if (owner > 0 && owner !== process.pid && isRunning(owner))
    throw dataError(`${name} is being imported by process ${owner}; wait for it or stop it first.`);
  writeFileSync(path, String(process.pid));
}
