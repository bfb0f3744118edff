/** Longest line kept whole, in characters: a child that never ends its line may not fill the memory. */
const LONGEST_LINE = 4096;

/** Cuts a stream of text chunks into lines and hands each on without its line end. */
export class LineSplitter {
  private rest = '';

  constructor(private readonly onLine: (line: string) => void) {}

  write(chunk: string): void {
    const lines = (this.rest + chunk).split(/\r?\n/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.onLine(line.slice(0, LONGEST_LINE));
    if (this.rest.length > LONGEST_LINE) this.end();
  }

  /** Hands on what came without a line end. */
  end(): void {
    if (this.rest !== '') this.onLine(this.rest.slice(0, LONGEST_LINE));
    this.rest = '';
  }
}
