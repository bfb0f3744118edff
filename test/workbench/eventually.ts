import { setTimeout as sleep } from 'node:timers/promises';

/** Looks again and again until something is there (neither undefined nor false), and says what was awaited where it never is. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  patienceMs = 30_000,
): Promise<T> {
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await sleep(100)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error(`Waited ${patienceMs / 1000} s in vain: ${what}.`);
}
