import { readFileSync } from 'node:fs';

/** Memory of this process in bytes: what it has now, and the most it ever had. */
export interface Memory {
  readonly now: number;
  readonly peak: number;
}

/**
 * On Linux what is mapped, touched or not, so that an array of zeros that nobody reads counts, too; elsewhere what is resident. A supervisor
 * starts the process with one arena of malloc: others would be mapped whole whenever a thread first asks for memory.
 */
export function memory(): Memory {
  try {
    const status = readFileSync('/proc/self/status', 'latin1');
    const of = (name: string) => 1024 * Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1]);
    return { now: of('VmSize'), peak: of('VmPeak') };
  } catch {
    return { now: process.memoryUsage.rss(), peak: 1024 * process.resourceUsage().maxRSS };
  }
}

/** Bytes that were taken between two looks, given back or not; 0 where the process has had as many before. */
export const growth = (before: Memory, after: Memory): number => (after.peak > before.peak ? after.peak - before.now : 0);
