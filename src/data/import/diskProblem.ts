const CODES = new Set(['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EFBIG', 'EIO', 'EMFILE']);

/** What the disk said while something was written: no fault of what is imported. */
export const isDiskProblem = (error: unknown): boolean => CODES.has((error as NodeJS.ErrnoException).code ?? '');
