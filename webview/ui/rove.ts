/**
 * Arrow keys over rows of controls, of which one is in the tab order at a time: left and right within a row (and on to the
 * next), up and down between rows, Home and End to the row's ends.
 */
export function rove(holder: HTMLElement, rows: readonly (readonly HTMLElement[])[]): void {
  const all = rows.flat();
  const makeCurrent = (item: HTMLElement) => {
    for (const other of all) other.tabIndex = other === item ? 0 : -1;
  };
  const first = all[0];
  if (first) makeCurrent(first);
  holder.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement && all.includes(target)) makeCurrent(target);
  });
  holder.addEventListener('keydown', (event) => {
    const { target } = event;
    if (!(target instanceof HTMLElement)) return;
    const row = rows.findIndex((r) => r.includes(target));
    const next = row < 0 ? undefined : destination(event.key, rows, row, rows[row]?.indexOf(target) ?? 0);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

function destination(key: string, rows: readonly (readonly HTMLElement[])[], row: number, column: number): HTMLElement | undefined {
  const own = rows[row] ?? [];
  switch (key) {
    case 'ArrowRight':
      return own[column + 1] ?? rows[row + 1]?.[0];
    case 'ArrowLeft':
      return own[column - 1] ?? rows[row - 1]?.at(-1);
    case 'ArrowDown':
      return rows[row + 1]?.[column] ?? rows[row + 1]?.at(-1);
    case 'ArrowUp':
      return rows[row - 1]?.[column] ?? rows[row - 1]?.at(-1);
    case 'Home':
      return own[0];
    case 'End':
      return own.at(-1);
    default:
      return undefined;
  }
}
