import util from 'node:util';

/**
 * tfjs-node calls two functions of node:util that Node 22 warns of and Node 23 took away. Ours take their place, so that
 * neither happens.
 */
export function restoreRemovedUtilities(): void {
  const module = util as unknown as Record<string, unknown>;
  module['isNullOrUndefined'] = (value: unknown): boolean => value === null || value === undefined;
  module['isArray'] = Array.isArray;
}
