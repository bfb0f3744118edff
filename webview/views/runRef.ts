import type { RunView } from '../../src/protocol/runView';

/** A run among those shown, by its name. */
export interface RunRef {
  readonly title: string;
  readonly view: RunView;
}
