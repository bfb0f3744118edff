import type { EngineName, NetworkName } from '../../protocol/words';

/** What can be measured. The matrix product is the yardstick that the others are held against: it isn't part of a run. */
export const MEASUREMENTS = ['training', 'evaluation', 'outer-step', 'matrix-product'] as const;
export type Measurement = (typeof MEASUREMENTS)[number];

/** Everything that one measurement depends on: what a worker process is told. */
export interface BenchCase {
  readonly measurement: Measurement;
  readonly engine: 'auto' | EngineName;
  readonly network: NetworkName;
  /** Images of a training step. Evaluation has the batch that runs have. */
  readonly batch: number;
  readonly classes: number;
  /** m and n of (9): exemplars that are learned, and images of the data that their loss is on. */
  readonly exemplars: number;
  readonly data: number;
  /** K */
  readonly innerSteps: number;
  /** A repeat is as many calls in a row as take at least so long, one or more. */
  readonly seconds: number;
}
