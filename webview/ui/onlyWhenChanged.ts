/**
 * Draws only where what it depends on has changed: events come several a second, evaluations once a phase.
 * @returns draws, unless the parts are the very ones of the last call; the first call always draws
 */
export function onlyWhenChanged(draw: () => void): (parts: readonly unknown[]) => void {
  let last: readonly unknown[] | null = null;
  return (parts) => {
    if (last !== null && parts.length === last.length && parts.every((part, i) => part === last?.[i])) return;
    last = parts;
    draw();
  };
}
