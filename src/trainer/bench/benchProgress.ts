import type { Output } from '../commands/command';
import { StatusLine } from '../terminal/statusLine';
import { caseName, headline } from './benchResult';
import type { BenchListener } from './runBench';

/** Tells how far a bench is: on a terminal in one line that is redrawn, elsewhere a line for each case and each result. */
export class BenchProgress implements BenchListener {
  private readonly line: StatusLine;

  constructor(output: Output) {
    this.line = new StatusLine(output);
  }

  readonly onCase: BenchListener['onCase'] = (measurement, engine, innerSteps) =>
    this.line.show(`${caseName(measurement, innerSteps)} (${engine}): warming up`);

  readonly onRepeat: BenchListener['onRepeat'] = (soFar, of) => {
    if (!this.line.isLive) return;
    const { measurement, innerSteps, ready, repeats } = soFar;
    const text = `${caseName(measurement, innerSteps)} (${ready.engine.engine}): ${repeats.length} of ${of}, ${headline(soFar).value}`;
    this.line.show(text.slice(0, this.line.width));
  };

  readonly onResult: BenchListener['onResult'] = (result) => {
    const { measurement, innerSteps, ready } = result;
    this.line.print(`${caseName(measurement, innerSteps)} (${ready.engine.engine}): ${headline(result).value}`);
  };

  readonly onNotice = (text: string): void => this.line.print(text);

  clear(): void {
    this.line.clear();
  }
}
