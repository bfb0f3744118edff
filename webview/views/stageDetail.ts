import { lineChart } from '../charts/lineChart';
import { LOSS_STYLE } from '../charts/lineStyle';
import { changesOfStage, changesSentence } from '../model/changeMarks';
import { integer, number } from '../model/format';
import { STAGE_WORDS } from '../model/stageWords';
import type { Segment } from '../model/timeline';
import { h, setText } from '../ui/h';

/** More than a screen has columns for; a day's stage has many times as many. */
const MOST_POINTS = 2000;

/** The loss of the stage at work, or of the one chosen in the timeline. */
export interface StageDetail {
  readonly element: HTMLElement;
  show(segment: Segment | null, chosen: boolean): void;
}

export function stageDetail(): StageDetail {
  const title = h('h3', {});
  const meaning = h('p', { class: 'quiet' });
  const chart = lineChart('chart-loss');
  const none = h('p', { class: 'quiet chart-loss-none' });
  const element = h('div', { class: 'stage-detail' }, h('div', { class: 'stage-detail-text' }, title, meaning), chart.element, none);
  return {
    element,
    show(segment, chosen) {
      element.hidden = segment === null;
      if (segment === null) return;
      const { label } = STAGE_WORDS[segment.stage];
      const { losses, phase, step, steps } = segment;
      const first = losses.at(0);
      const last = losses.at(-1);
      setText(title, `Loss · phase ${phase} · ${label}`);
      setText(
        meaning,
        `${last ? `${number(last.loss)} at step ${integer(last.step)} of ${integer(steps)}` : `step ${integer(step)} of ${integer(steps)}`}${chosen ? ' · chosen; choose again to follow the run' : ''}`,
      );
      chart.element.hidden = losses.length < 2;
      none.hidden = losses.length >= 2;
      setText(
        none,
        segment.state === 'waiting'
          ? 'This stage has not begun.'
          : losses.length === 1
            ? 'The curve begins with the second report.'
            : 'This stage reports no loss.',
      );
      if (!first || !last || losses.length < 2) return;
      const marks = changesOfStage(segment);
      chart.show({
        lines: [{ label: 'loss', points: losses.sampled(MOST_POINTS).map((l) => ({ x: l.step, y: l.loss })), style: LOSS_STYLE }],
        x: { title: '', min: first.step, max: Math.max(steps, last.step), whole: true, tick: integer },
        y: { title: '', tick: number },
        marks,
        summary: `Loss of ${label}, phase ${phase}: ${number(first.loss)} at step ${first.step}, ${number(last.loss)} at step ${last.step} of ${steps}.${changesSentence(marks)}`,
        value: number,
        heading: (x) => `step ${integer(x)} of ${integer(steps)}`,
      });
    },
  };
}
