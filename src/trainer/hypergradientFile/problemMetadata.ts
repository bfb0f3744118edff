import { configError, type LabError } from '../../protocol/errors';
import {
  HYPERGRADIENT_MODES,
  INNER_BATCH_NORMS,
  NETWORKS,
  type HypergradientMode,
  type InnerBatchNorm,
  type NetworkName,
} from '../../protocol/words';

/** A problem's numbers and names, as its file's metadata gives them. */
export interface ProblemMetadata {
  readonly network: NetworkName;
  readonly classes: number;
  readonly activation: (typeof ACTIVATIONS)[number];
  /** K */
  readonly innerSteps: number;
  /** α2 */
  readonly innerLearningRate: number;
  readonly innerBatchNorm: InnerBatchNorm;
  /** Not required: exact where it is missing. */
  readonly hypergradientMode: HypergradientMode;
}

const ACTIVATIONS = ['relu', 'squareplus'] as const;
const MOST_CLASSES = 100_000;
/** As in the config: a set of weights is kept for each. */
const MOST_INNER_STEPS = 1000;
const HIGHEST_RATE = 10_000;

/** @throws LabError `config-invalid` naming the file, the key and what it may be */
export function parseProblemMetadata(metadata: Readonly<Record<string, string>>, file: string): ProblemMetadata {
  const wrong = (key: string, allowed: string): LabError => {
    const found = Object.hasOwn(metadata, key) ? `the metadata "${key}" as ${JSON.stringify(metadata[key])}` : `no metadata "${key}"`;
    return configError(`${file} has ${found}; write it as ${allowed}.`);
  };
  const word = <T extends string>(key: string, words: readonly T[]): T => {
    const found = words.find((candidate) => candidate === metadata[key]);
    if (found === undefined) throw wrong(key, `one of ${words.join(', ')}`);
    return found;
  };
  const number = (key: string, lowest: number, highest: number, kind: 'integer' | 'number'): number => {
    const text = metadata[key] ?? '';
    const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
    const fits = value >= lowest && value <= highest && (kind === 'number' || Number.isInteger(value));
    if (!fits) throw wrong(key, `${kind === 'integer' ? 'an integer' : 'a number'} from ${lowest} to ${highest}`);
    return value;
  };
  return {
    network: word('network', NETWORKS),
    classes: number('classes', 1, MOST_CLASSES, 'integer'),
    activation: word('activation', ACTIVATIONS),
    innerSteps: number('innerSteps', 0, MOST_INNER_STEPS, 'integer'),
    innerLearningRate: number('innerLearningRate', 0, HIGHEST_RATE, 'number'),
    innerBatchNorm: word('innerBatchNorm', INNER_BATCH_NORMS),
    hypergradientMode: Object.hasOwn(metadata, 'hypergradientMode') ? word('hypergradientMode', HYPERGRADIENT_MODES) : 'exact',
  };
}
