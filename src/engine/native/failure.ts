import { mkdir, statfs } from 'node:fs/promises';
import { LabError, engineError } from '../../protocol/errors';

/** Something of this machine that no other source of libtensorflow would cure: its disk, its compiler. */
export class MachineProblem extends LabError {
  constructor(message: string, options?: { cause?: unknown }) {
    const { code, exitCode } = engineError(message);
    super(code, exitCode, message, options);
  }
}

/** Throws where the disk of a folder hasn't the room that is needed, before it is filled. */
export async function assertRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  const [needed, free] = [bytes, bavail * bsize].map((count) => `${Math.ceil(count / 1e6)} MB`);
  throw new MachineProblem(
    `The disk of ${folder} has ${free} of room, and installing the native engine takes ${needed} there. Make room, or set MNEMONICS_CACHE to a folder on another disk.`,
  );
}

export const diskFull = (folder: string, cause?: unknown): MachineProblem =>
  new MachineProblem(
    `The disk of ${folder} is full; the native engine needs 1.2 GB there while it installs. Make room, or set MNEMONICS_CACHE to a folder on another disk.`,
    { cause },
  );

/** Does a program that failed complain of a full disk? */
export const isDiskFull = (output: string): boolean => /No space left on device|Disk quota exceeded/.test(output);

const notWritable = (folder: string, cause: unknown): MachineProblem =>
  new MachineProblem(`The folder ${folder} can't be written to. Set MNEMONICS_CACHE to a folder that can.`, { cause });

/** Makes the folder of the engines. Node says of some file systems that can't be written to no more than ENOENT. */
export async function makeRoot(root: string): Promise<void> {
  await mkdir(root, { recursive: true }).catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? diskFull(root, error) : notWritable(root, error);
  });
}

/** Whatever went wrong in an installation, as one sentence with a remedy. */
export function asInstallError(error: unknown, root: string): LabError {
  if (error instanceof LabError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(root, error);
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return notWritable(root, error);
  const message = error instanceof Error ? error.message : String(error);
  return engineError(`The native engine could not be installed: ${message}. Try again, or use the wasm engine.`, { cause: error });
}
