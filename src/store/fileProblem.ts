import { LabError, runError } from '../protocol/errors';

const REASONS: Record<string, string> = {
  ENOENT: "it isn't there, so check the path",
  EACCES: 'access is denied, so change its permissions',
  EPERM: 'access is denied, so change its permissions',
  EROFS: 'the disk is read-only, so choose another folder',
  ENOSPC: 'the disk is full, so make room and try again',
  EFBIG: 'it would be larger than files may be here, so raise that limit (ulimit -f) or choose another disk',
  EDQUOT: 'your disk quota is used up, so make room and try again',
  EISDIR: 'it is a folder, so name a file in it',
  ENOTDIR: "a part of the path isn't a folder, so check the path",
  ELOOP: 'its symbolic links lead in a circle, so mend them',
  ENAMETOOLONG: 'its name is too long, so choose a shorter one',
  EBUSY: 'it is in use, so end what uses it and try again',
  ESTALE: 'its network disk was mounted anew, so try again',
  EMFILE: 'too many files are open for one process here, so raise that limit (ulimit -n) and try again',
  ENFILE: 'too many files are open, so close some programs and try again',
  EIO: 'the disk reports an error, so check the disk',
};

/** Where the reason is another one for a file that is written. */
const WRITE_REASONS: Record<string, string> = {
  EEXIST: 'a file has that name, so move it away or choose another name',
  EISDIR: 'a folder has its name, so move that away',
  ERR_FS_EISDIR: 'a folder has its name, so move that away',
};

/** The error code of a failed system call, such as ENOENT; undefined for anything else. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;

const reasonOf = (error: unknown, reasons: Record<string, string>): string =>
  reasons[systemCode(error) ?? ''] ?? (error instanceof Error ? error.message : String(error));

/** A file or folder that can't be read, as a sentence with the remedy. What is one already stays. */
export const readProblem = (path: string, error: unknown): LabError =>
  error instanceof LabError ? error : runError(`${path} can't be read: ${reasonOf(error, REASONS)}.`, { cause: error });
/** A file or folder that can't be written, in the same way. */
export const writeProblem = (path: string, error: unknown): LabError =>
  error instanceof LabError
    ? error
    : runError(`${path} can't be written: ${reasonOf(error, { ...REASONS, ...WRITE_REASONS })}.`, { cause: error });
/** A link inside of a run folder, through which something would be written elsewhere. */
export const linkProblem = (path: string): LabError =>
  runError(`${path} is a link, and nothing is written through a link in a run folder; put what it leads to in its place.`);
