/** Ends a `switch` over a closed set: a kind that was added later and has no case doesn't compile. */
export function exhausted(value: never): never {
  throw new Error(`Unhandled: ${JSON.stringify(value)}`);
}
