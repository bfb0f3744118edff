/**
 * A long computation that yields between its parts, so that its caller can look up. One that isn't taken to its end leaves tensors behind:
 * who gives one up is about to end the engine.
 */
export type InParts<T> = Generator<void, T>;

/** All of it at once. */
export function allParts<T>(parts: InParts<T>): T {
  for (;;) {
    const { done, value } = parts.next();
    if (done) return value;
  }
}
