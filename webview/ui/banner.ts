import { fill, h, type Child } from './h';
import { icon } from './icons';

/** A message across the page that stays until its cause is gone. */
export interface Banner {
  readonly element: HTMLElement;
  show(kind: 'error' | 'warning' | 'info', sentence: string, ...actions: readonly Child[]): void;
  hide(): void;
}

export function banner(): Banner {
  const element = h('div', { class: 'banner' });
  element.hidden = true;
  let shown = '';
  return {
    element,
    show(kind, sentence, ...actions) {
      const key = `${kind} ${sentence}`;
      if (shown === key) return;
      shown = key;
      element.className = `banner banner-${kind}`;
      element.setAttribute('role', kind === 'error' ? 'alert' : 'status');
      fill(element, icon(kind), h('p', {}, sentence), h('div', { class: 'banner-actions' }, ...actions));
      element.hidden = false;
    },
    hide() {
      shown = '';
      element.hidden = true;
    },
  };
}
