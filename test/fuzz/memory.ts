import { readFileSync } from 'node:fs';

/** Bytes that a process has now, and the most it ever had. */
interface Level {
  readonly now: number;
  readonly peak: number;
}

/** Memory of this process: what is mapped, touched or not, and what is resident. Mapped is known on Linux alone. */
export interface Memory {
  readonly mapped: Level | null;
  readonly resident: Level;
}

/** A supervisor starts the process with one arena of malloc: others would be mapped whole whenever a thread first asks for memory. */
export function memory(): Memory {
  try {
    const status = readFileSync('/proc/self/status', 'latin1');
    const of = (name: string) => 1024 * Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1]);
    return { mapped: { now: of('VmSize'), peak: of('VmPeak') }, resident: { now: of('VmRSS'), peak: of('VmHWM') } };
  } catch {
    return { mapped: null, resident: { now: process.memoryUsage.rss(), peak: 1024 * process.resourceUsage().maxRSS } };
  }
}

/** WebAssembly, which Node itself uses where a thread starts, reserves addresses of ten gigabytes for the smallest memory: they are none. */
const RESERVED = 8 * 2 ** 30;

const risen = (before: Level, after: Level): number => (after.peak > before.peak ? after.peak - before.now : 0);

/** Bytes that were taken between two looks, given back or not, and an array of zeros that nobody read, too; 0 where the process has had as many before. */
export function growth(before: Memory, after: Memory): number {
  const mapped = before.mapped && after.mapped ? risen(before.mapped, after.mapped) : 0;
  return Math.max(mapped < RESERVED ? mapped : 0, risen(before.resident, after.resident));
}
