import { h, setText } from './h';

const SECONDS_BETWEEN_PROGRESS = 20;

/** What a screen reader is told without being asked: state changes at once, progress rarely. */
export interface Announcer {
  readonly element: HTMLElement;
  now(sentence: string): void;
  progress(sentence: string): void;
}

export function announcer(): Announcer {
  const element = h('div', { class: 'visually-hidden', 'aria-live': 'polite' });
  let last = -Infinity;
  return {
    element,
    now(sentence) {
      last = performance.now();
      setText(element, sentence);
    },
    progress(sentence) {
      if (performance.now() - last < SECONDS_BETWEEN_PROGRESS * 1000) return;
      last = performance.now();
      setText(element, sentence);
    },
  };
}
