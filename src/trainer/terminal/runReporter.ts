import { exemplarWords } from '../../protocol/exemplarWords';
import type { RunEvent } from '../../protocol/events';
import { foldEvent } from '../../protocol/foldEvent';
import type { RunView } from '../../protocol/runView';
import type { Output } from '../commands/command';
import { duration, percent } from './numbers';
import { lastPhase, progressLine } from './progressLine';
import { StatusLine } from './statusLine';

/** Shows a run on standard error while it goes: a bar on a terminal, a plain line at each stage's end elsewhere. */
export class RunReporter {
  private readonly line: StatusLine;

  /** @param view the fold of what was logged before, where a run goes on */
  constructor(
    private readonly output: Output,
    private view: RunView | null = null,
    now?: () => number,
  ) {
    this.line = new StatusLine(output, now);
  }

  onEvent = (event: RunEvent): void => {
    this.view = foldEvent(this.view, event);
    const { view } = this;
    if (!view) return;
    for (const text of this.remarks(event, view)) this.line.print(text);
    if (event.kind === 'run-ended') this.line.clear();
    else if (this.line.isLive) this.line.show(progressLine(view, this.line.width));
  };

  onNotice = (text: string): void => this.line.print(text);

  /** Takes the bar away, so that what is printed next begins a line. */
  end(): void {
    this.line.clear();
  }

  /** Lines that stay. */
  private remarks(event: RunEvent, view: RunView): string[] {
    const phase = `phase ${event.phase}/${lastPhase(view)}`;
    switch (event.kind) {
      case 'run-started':
      case 'run-continued': {
        const { host, dataSet, network } = view.config;
        const begin = view.replay ? `Repeating ${view.replay.run} as` : 'Training';
        const verb = event.kind === 'run-started' ? begin : 'Going on with';
        return [
          `${verb} ${view.runId}: ${host} with ${exemplarWords(view.config)} exemplars, ${network} on ${dataSet}, engine ${event.engine.engine}`,
        ];
      }
      case 'stage-ended':
        return this.output.isTTY ? [] : [`${phase} ${event.stage ?? ''}: ${duration(event.seconds)}${progressText(view)}`];
      case 'evaluated':
        return [
          `${phase} accuracy: softmax ${percent(event.metrics.softmax.accuracy)} %, nearest mean ${percent(event.metrics.nearestMean.accuracy)} %`,
        ];
      case 'warning':
        return [`Warning: ${event.message}`];
      case 'paused':
        return ['Paused'];
      case 'resumed':
        return ['Going on'];
      case 'setting-changed':
        return [`${event.field}: ${event.previous} → ${event.value}`];
      case 'phase-started':
      case 'stage-started':
      case 'progress':
      case 'exemplars-stored':
      case 'exemplars-learned':
      case 'phase-ended':
      case 'run-ended':
        return [];
    }
  }
}

function progressText({ progress: { loss, fractionDone, secondsLeft } }: RunView): string {
  const parts = [
    loss === null ? '' : `loss ${loss.toFixed(3)}`,
    `${Math.floor(100 * fractionDone)} % done`,
    secondsLeft === null ? '' : `${duration(secondsLeft)} left`,
  ];
  return `, ${parts.filter((part) => part !== '').join(', ')}`;
}
