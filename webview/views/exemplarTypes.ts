import type { ErrorInfo } from '../../src/protocol/errors';
import type { ExemplarPixels } from '../../src/protocol/webviewMessages';
import type { Choice } from '../ui/toolkit';
import type { Tooltip } from '../ui/tooltip';

/** View intent of the exemplar section. */
export interface ExemplarsState {
  exemplarFile: string;
  exemplarClass: number | null;
  exemplarSize: number;
  changesTable: boolean;
}

export interface ExemplarsOptions {
  readonly tooltip: Tooltip;
  readonly kept: Partial<ExemplarsState>;
  keep(change: Partial<ExemplarsState>): void;
  /** Asks for the pixels of a choice; they come back through `setPixels`. */
  request(file: string): void;
}

/** A stored file of exemplars. */
export interface ExemplarChoice extends Choice {
  readonly nameOf: (classIndex: number) => string;
  /** Said above the grid, such as that these exemplars are chosen and not learned. */
  readonly note: string | null;
}

export interface ExemplarFiles {
  /** Oldest first; one choice hides the chooser. */
  readonly choices: readonly ExemplarChoice[];
  /** Offers to always show the newest, as more are to come. */
  readonly follow: boolean;
  readonly empty: string;
}

export interface ExemplarsView {
  readonly element: HTMLElement;
  show(files: ExemplarFiles): void;
  setPixels(file: string, pixels: ExemplarPixels | null, error: ErrorInfo | null): void;
  /** Forgets the pixels of a choice, as a newer file took its place. */
  forget(file: string): void;
}
