import type { RunView } from '../../protocol/runView';
import { duration } from './numbers';

const BAR_WIDTHS = [24, 12] as const;

/**
 * The state of a run in one line: bar, per cent, phase, stage, speed, loss, time left. What doesn't fit the width is left
 * out, the least useful first.
 * @param width columns that the line may fill
 */
export function progressLine(view: RunView, width: number): string {
  const { imagesPerSecond, loss, secondsLeft, fractionDone } = view.progress;
  const percent = `${Math.floor(100 * fractionDone)} %`.padStart(5);
  const place = view.current ? `phase ${view.current.phase}/${lastPhase(view)}` : '';
  const stage = view.state === 'paused' ? 'paused' : (view.current?.stage ?? '');
  const speed = imagesPerSecond > 0 ? `${Math.round(imagesPerSecond)} images/s` : '';
  const lossText = loss === null ? '' : `loss ${loss.toFixed(3)}`;
  const left = secondsLeft === null ? '' : `${duration(secondsLeft)} left`;
  const texts = [
    [place, stage, speed, lossText, left],
    [place, stage, lossText, left],
    [place, stage, left],
    [place, stage],
  ].map((parts) => [percent, ...parts].filter((part) => part !== '').join('  '));
  const candidates = texts.flatMap((text) => [
    ...BAR_WIDTHS.map((bar) => `${drawBar(fractionDone, bar)} ${text}`),
    ...(text === texts[0] ? [] : [text]),
  ]);
  return candidates.find((line) => [...line].length <= width) ?? percent.trim().slice(0, width);
}

/** Number of the run's last phase, N. */
export const lastPhase = (view: RunView): number => Math.max(0, view.phases.length - 1);

const drawBar = (fraction: number, width: number): string => {
  const full = Math.floor(fraction * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
};
