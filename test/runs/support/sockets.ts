import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** A process and all that it started, by number. */
export function processTree(pid: number): number[] {
  const children = list(`/proc/${pid}/task`).flatMap((thread) =>
    textOf(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(processTree)];
}

/**
 * The internet sockets that a process has open, listening or not, as the kernel's tables show them: protocol, own and other address.
 * Unix sockets, such as the channel of a forked process, are in none of these tables.
 */
export function internetSockets(pid: number): string[] {
  const open = new Set(list(`/proc/${pid}/fd`).map((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1]));
  return ['tcp', 'tcp6', 'udp', 'udp6', 'udplite', 'udplite6', 'raw', 'raw6', 'icmp', 'icmp6'].flatMap((protocol) =>
    textOf(`/proc/${pid}/net/${protocol}`)
      .split('\n')
      .slice(1)
      .map((row) => row.trim().split(/\s+/))
      .filter((row) => row[9] !== undefined && open.has(row[9]))
      .map(([, own, other]) => `${pid}: ${protocol} ${own} → ${other}`),
  );
}

// Processes and threads end while they are looked at.
const orElse = <T>(read: () => T, otherwise: T): T => {
  try {
    return read();
  } catch {
    return otherwise;
  }
};
const list = (dir: string) => orElse(() => readdirSync(dir), []);
const textOf = (file: string) => orElse(() => readFileSync(file, 'utf8'), '');
const linkOf = (file: string) => orElse(() => readlinkSync(file), '');
