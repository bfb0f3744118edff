import { dataError } from '../../protocol/errors';
import { UNPRINTABLE } from '../../protocol/unprintable';

/**
 * The path of an archive's member, relative and with `/`.
 * @throws LabError `data-invalid` where it would lead out of the folder that it is unpacked in, or be called what breaks a line or a terminal
 */
export function entryPath(name: string, archive: string): string {
  const path = name.replaceAll('\\', '/');
  const steps = path.split('/').filter((step) => step !== '' && step !== '.');
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path) || steps.includes('..') || path.includes('\0'))
    throw dataError(
      `${archive} has the member "${name}", which leads out of the data folder; don't use this archive, get the published one.`,
    );
  // A folder's name becomes a class's.
  if (UNPRINTABLE.test(path))
    throw dataError(`${archive} has the member "${name}", whose name has control characters; pack the files under other names.`);
  return steps.join('/');
}

/** @returns the error for a member that is a link, a device or a pipe. */
export const linkError = (name: string, archive: string) =>
  dataError(`${archive} has "${name}", a link or device, which may lead out of the data folder; pack the files themselves.`);
