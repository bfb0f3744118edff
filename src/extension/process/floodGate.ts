const WINDOW_MS = 1000;

/** Lets through so many things a second and counts the others: a process that floods its channel may not fill the editor's log. */
export class FloodGate {
  private opened = -Infinity;
  private passed = 0;
  private held = 0;

  /**
   * @param perSecond how many pass in a second
   * @param onHeld told how many were held back, once things go quietly again
   */
  constructor(
    private readonly perSecond: number,
    private readonly onHeld: (count: number) => void,
  ) {}

  /** May another one pass? */
  passes(): boolean {
    const now = performance.now();
    if (now - this.opened >= WINDOW_MS) {
      this.end();
      this.opened = now;
      this.passed = 0;
    }
    const passes = this.passed < this.perSecond;
    if (passes) this.passed++;
    else this.held++;
    return passes;
  }

  /** Tells of what was held back since it was last told. */
  end(): void {
    if (this.held > 0) this.onHeld(this.held);
    this.held = 0;
  }
}
