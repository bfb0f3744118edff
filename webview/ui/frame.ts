const due = new Set<() => void>();

/** Runs a drawing function at most once a frame, however often it is asked for. */
export function oncePerFrame(draw: () => void): () => void {
  return () => {
    if (due.has(draw)) return;
    due.add(draw);
    requestAnimationFrame(() => run(draw));
  };
}

/** Draws at once what is due: a page about to be printed gets no more frames. */
export function drawNow(): void {
  for (const draw of [...due]) run(draw);
}

function run(draw: () => void): void {
  if (due.delete(draw)) draw();
}

/** Runs a function once things have been quiet for so many milliseconds, or, when flushed, at once if it was due. */
export function debounced<A extends readonly unknown[]>(
  milliseconds: number,
  work: (...args: A) => void,
): { later(...args: A): void; flush(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pending: A | null = null;
  const flush = () => {
    clearTimeout(timer);
    const args = pending;
    pending = null;
    if (args) work(...args);
  };
  return {
    later(...args) {
      clearTimeout(timer);
      pending = args;
      timer = setTimeout(flush, milliseconds);
    },
    flush,
  };
}
