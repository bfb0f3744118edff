import type { MessageWriter } from './protobuf';

/** A node of a graph before it is written. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Names of outputs: `node:0`. */
  readonly inputs: readonly string[];
  /** Of the first output. */
  readonly shape: readonly number[];
  readonly attrs: Readonly<Record<string, MessageWriter>>;
}
