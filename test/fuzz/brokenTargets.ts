import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { configError, LabError } from '../../src/protocol/errors';
import { bytesOfText, textOf } from './inputs/bytes';
import { ESCAPE } from './sandbox';
import type { FuzzTarget } from './target';

/** A reader that does nothing wrong with a good input and something with others. */
const broken = (read: (folder: string) => unknown): (() => Promise<{ target: FuzzTarget }>) => {
  const target: FuzzTarget = {
    runs: 20,
    file: 'in.txt',
    codes: ['config-invalid'],
    seeds: () => [bytesOfText('good')],
    mutated: () => fc.constantFrom('good', 'bad').map(bytesOfText),
    read: (folder, input) => (textOf(input) === 'bad' ? read(folder) : 'read'),
  };
  return () => Promise.resolve({ target });
};
const kept: unknown[] = [];

/** One for each thing that may not happen: what looks for it must find it. */
export const TARGETS = {
  nothing: broken(() => 'read'),
  refusal: broken(() => {
    throw configError('It is bad; make it good.');
  }),
  stranger: broken(() => {
    throw new TypeError('x is undefined');
  }),
  remediless: broken(() => {
    throw configError('It is bad.');
  }),
  'wrong-code': broken(() => {
    throw new LabError('data-invalid', 3, 'It is bad; make it good.');
  }),
  late: broken(() => void Promise.reject(new Error('nobody waits for this'))),
  pollution: broken(() => Object.assign(Object.prototype, { polluted: 1 })),
  inheritance: broken(() => ({ inside: Object.setPrototypeOf({}, { lambda: 1 }) as unknown })),
  leaving: broken((folder) => writeFileSync(join(folder, 'left'), 'x')),
  climbing: broken((folder) => writeFileSync(join(folder, '..', 'left'), 'x')),
  escaping: broken(() => appendFileSync(ESCAPE, 'x')),
  spinning: broken(() => {
    const taken = (since: NodeJS.CpuUsage) => process.cpuUsage(since).user + process.cpuUsage(since).system;
    for (const cpu = process.cpuUsage(); taken(cpu) < 2.1e6;) for (let i = 0; i < 1e6; i++);
  }),
  // Given back at once, and never looked at: it was taken all the same.
  taking: broken(() => void new Uint8Array(100 * 2 ** 20)),
  hoarding: broken(() => void kept.push(new Array(12e6).fill(0.5))),
  filling: broken(() => {
    for (;;) kept.push(new Array(1e6).fill(kept.length));
  }),
  ending: broken(() => process.exit(7)),
  hanging: broken(() => {
    for (;;);
  }),
};
