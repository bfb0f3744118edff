import type { ClassInfo } from '../../src/protocol/events';
import { clock, duration, number } from '../model/format';
import { equationText, STAGE_WORDS } from '../model/stageWords';
import type { Segment } from '../model/timeline';
import { h, setAttribute, type Child } from '../ui/h';
import { icon } from '../ui/icons';
import { MARK_ICONS } from './markLane';

/** A stage's block in a row of the timeline. */
export interface SegmentView {
  readonly button: HTMLButtonElement;
  show(segment: Segment): void;
}

export function segmentView(phase: number, stage: Segment['stage'], onSelect: () => void): SegmentView {
  const words = STAGE_WORDS[stage];
  const progress = h('span', { class: 'segment-fill' });
  const button = h(
    'button',
    { type: 'button', class: `segment stage-${stage}`, tabindex: -1, 'data-phase': phase, 'data-stage': stage, on: { click: onSelect } },
    progress,
    h('span', { class: 'segment-label' }, words.label),
  );
  return {
    button,
    show(segment) {
      setAttribute(button, 'data-state', segment.state);
      setAttribute(button, 'aria-label', segmentSentence(segment));
      button.style.width = `${(segment.share * 100).toFixed(3)}%`;
      progress.style.width = `${(segment.fraction * 100).toFixed(2)}%`;
    },
  };
}

const timeText = ({ state, seconds, secondsLeft }: Segment): string => {
  if (seconds === null) return 'time not known yet';
  if (state === 'done') return duration(seconds);
  return state === 'running' && secondsLeft !== null ? `about ${duration(secondsLeft)} left` : `about ${duration(seconds)}`;
};

/** All that a segment's block says, as a sentence. */
export function segmentSentence(segment: Segment): string {
  const words = STAGE_WORDS[segment.stage];
  return [
    `Phase ${segment.phase}, ${words.label}: ${segment.state}`,
    `step ${segment.step} of ${segment.steps}`,
    timeText(segment),
    ...segment.marks.map((m) => m.text),
  ].join(', ');
}

/** The hover's content. */
export function segmentTooltip(segment: Segment, classes: readonly ClassInfo[]): Child[] {
  const words = STAGE_WORDS[segment.stage];
  const loss = segment.losses.at(-1)?.loss;
  const row = (name: string, value: string) => h('div', {}, h('dt', {}, name), h('dd', {}, value));
  return [
    h(
      'strong',
      {},
      `Phase ${segment.phase} · ${words.label}`,
      equationText(words) && h('span', { class: 'equation' }, equationText(words)),
    ),
    h('p', { class: 'quiet' }, words.meaning),
    h(
      'dl',
      { class: 'facts' },
      row('State', segment.state),
      row('Classes', classes.map((c) => c.name).join(', ')),
      row('Steps', `${segment.step} of ${segment.steps}`),
      row('Time', timeText(segment)),
      loss !== undefined && row('Last loss', number(loss)),
    ),
    segment.marks.length > 0 &&
      h(
        'ul',
        { class: 'mark-list' },
        ...segment.marks.map((m) => h('li', {}, icon(MARK_ICONS[m.kind]), `${clock(m.time)} · step ${m.step} · ${m.text}`)),
      ),
  ];
}
