/** A named random stream. */
export interface RandomNumbers {
  /** A whole number, 0 … below − 1. */
  integer(below: number): number;
  /** Uniform in [0, 1). */
  uniform(): number;
}
