import { runError, type LabError } from '../protocol/errors';

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
  EMFILE: 'too many files are open, so close some programs and try again',
  EIO: 'the disk reports an error, so check the disk',
};

/** The error code of a failed system call, such as ENOENT; undefined for anything else. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;

const reason = (error: unknown): string => REASONS[systemCode(error) ?? ''] ?? (error instanceof Error ? error.message : String(error));

/** A file or folder that can't be read, as a sentence with the remedy. */
export const readProblem = (path: string, error: unknown): LabError =>
  runError(`${path} can't be read: ${reason(error)}.`, { cause: error });
/** A file or folder that can't be written, as a sentence with the remedy. */
export const writeProblem = (path: string, error: unknown): LabError =>
  runError(`${path} can't be written: ${reason(error)}.`, { cause: error });
