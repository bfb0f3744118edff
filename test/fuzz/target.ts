import type fc from 'fast-check';
import type { ErrorCode } from '../../src/protocol/errors';

/** A reader of the product, and what it is given. One file in `targets/` and one line in `registry.ts` each. */
export interface FuzzTarget {
  /** Inputs that a run of `npm run fuzz` gives it; the short form takes a part of them. */
  readonly runs: number;
  /** Where in the target's folder the input is put. */
  readonly file: string;
  /** What an error may be called. */
  readonly codes: readonly ErrorCode[];
  /** Good inputs, made by the product's own writers where it has one: each must be read. */
  seeds(): readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** What becomes of them. */
  mutated(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array>;
  /** Puts beside the input what else the reader needs. */
  prepare?(folder: string): void;
  /** Hands the input, which stands in `file` already, to the reader. Throws what the reader throws. */
  read(folder: string, input: Uint8Array): unknown;
  /** Where a reader that writes may leave something, as paths in the folder; only where it succeeded. Absent: nowhere. */
  readonly leaves?: RegExp;
}

/** What was broken, and how. */
export interface Finding {
  readonly property: 'error' | 'answer' | 'time' | 'memory' | 'prototype' | 'files' | 'seed';
  readonly message: string;
}

/** How a target went. */
export interface TargetResult {
  readonly name: string;
  readonly runs: number;
  /** Of processor time, making the inputs included. */
  readonly seconds: number;
  readonly failure: { readonly finding: Finding; readonly path: string | null; readonly inputBase64: string } | null;
}
