import type { ExemplarPixels } from '../../src/protocol/webviewMessages';
import type { Part } from '../charts/exemplarCanvas';
import type { DifferenceScale } from '../model/colourScale';

/** What a grid of exemplars shows. */
export interface GridContent {
  readonly pixels: ExemplarPixels;
  readonly exemplars: readonly number[];
  readonly parts: readonly Part[];
  readonly scale: DifferenceScale;
  /** Side of a thumbnail, CSS pixels. */
  readonly size: number;
  readonly nameOf: (classIndex: number) => string;
  readonly summary: string;
  readonly maxRows: number;
  /** How many were drawn: fewer than given where they need more rows. */
  onDrawn(count: number): void;
}
