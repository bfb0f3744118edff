import { STOCK_CONVOLUTIONS, type EngineInfo } from './engineInfo';

export interface EngineDifference {
  /** `engine`, `device`, `threads`, or the name of a version or setting. */
  readonly name: string;
  readonly before: string;
  readonly now: string;
}

/** In what two engines differ that last bits depend on. Versions and settings of different engines are not compared: each has its own. */
export function engineDifferences(before: EngineInfo, now: EngineInfo): EngineDifference[] {
  const traits = ({ engine, device, threads, versions, settings }: EngineInfo): Record<string, string> => ({
    engine,
    device,
    threads: String(threads),
    // A run of before there were several doesn't say which learning code it had.
    ...(before.engine === now.engine && { 'learning code': '1', ...versions }),
    // A run of an earlier version doesn't say which settings it had, or had no convolutions but TensorFlow's.
    ...(before.engine === now.engine &&
      before.settings && { ...(engine === 'native' && { convolutions: STOCK_CONVOLUTIONS }), ...settings }),
  });
  const [earlier, later] = [traits(before), traits(now)];
  return Object.keys({ ...earlier, ...later })
    .map((name) => ({ name, before: earlier[name] ?? 'none', now: later[name] ?? 'none' }))
    .filter((trait) => trait.before !== trait.now);
}

/** `threads 2 → 1, oneDNN on → off`. */
export const differencesText = (differences: readonly EngineDifference[]): string =>
  differences.map(({ name, before, now }) => `${name} ${before} → ${now}`).join(', ');

/** What views and tables say of a run beside its engine. @param change as `differencesText` gives it */
export const continuedOn = (change: string): string => `continued on another engine: ${change}`;
