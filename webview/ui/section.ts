import { h, type Child } from './h';

/** A section of a page with its heading and, at its right, its controls. */
export function section(id: string, title: string, controls: readonly Child[], ...content: readonly Child[]): HTMLElement {
  return h(
    'section',
    { id, class: 'section', 'aria-labelledby': `${id}-title`, tabindex: -1 },
    h('div', { class: 'section-head' }, h('h2', { id: `${id}-title` }, title), ...controls),
    ...content,
  );
}

/** What a view says while it has nothing to show. */
export const emptyState = (sentence: string, ...more: readonly Child[]): HTMLElement =>
  h('div', { class: 'empty' }, h('p', {}, sentence), ...more);
