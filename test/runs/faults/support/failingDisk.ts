import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { newPath } from './smallRun';

const BYTES = 64 * 2 ** 20;

/** A disk with a file system that may find an error in itself. */
export interface FailingDisk {
  readonly path: string;
  /** The file system finds an error: whatever is open on it, it can only be read from now on. */
  fail(): void;
  /** What the system has not written to it yet never will be, as when the power fails. */
  cutPower(): void;
  /** Checks the file system, as a machine does when it starts, and mounts it anew. */
  repair(): void;
  remove(): void;
}

/** FS_IOC_SHUTDOWN without flushing the journal. */
const SHUT_DOWN = 'import fcntl, os, struct, sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack("I", 2))';

const run = (program: string, ...args: string[]): { readonly ok: boolean; readonly stdout: string } => {
  const { status, stdout } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` },
  });
  return { ok: status === 0, stdout: (stdout ?? '').trim() };
};

/** Makes one in a file; null where that isn't permitted, or this system can't. */
export function failingDisk(): FailingDisk | null {
  const [image, path] = [newPath(), newPath()];
  const file = openSync(image, 'w');
  ftruncateSync(file, BYTES);
  closeSync(file);
  mkdirSync(path);
  if (!run('mkfs.ext4', '-q', '-F', image).ok) return null;
  const { ok, stdout: device } = run('losetup', '--find', '--show', image);
  if (!ok) return null;
  const mount = (): boolean => run('mount', '-o', 'errors=remount-ro', device, path).ok;
  const unmount = (): void => void run('umount', path);
  const trigger = `/sys/fs/ext4/${basename(device)}/trigger_fs_error`;
  const remove = (): void => {
    unmount();
    run('losetup', '--detach', device);
  };
  if (!mount() || !existsSync(trigger)) return (remove(), null);
  return {
    path,
    fail: () => writeFileSync(trigger, 'a test'),
    cutPower: () => void run('python3', '-c', SHUT_DOWN, path),
    repair() {
      unmount();
      run('e2fsck', '-f', '-y', device);
      mount();
    },
    remove,
  };
}
