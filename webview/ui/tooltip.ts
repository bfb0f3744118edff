import { fill, h, type Child } from './h';

/** One tooltip a page: shown beside what the pointer is over or the focus is on, gone with Escape. */
export interface Tooltip {
  readonly element: HTMLElement;
  /** @param content is asked for each time the tooltip opens. */
  attach(target: Element, content: () => readonly Child[]): void;
  showAt(box: DOMRect, content: readonly Child[]): void;
  hide(): void;
}

const GAP = 6;
/** Scrolling within this time after showing was caused by the showing: a cell brought into sight by key. */
const OWN_SCROLL = 200;

export function tooltip(): Tooltip {
  const element = h('div', { class: 'tooltip', role: 'tooltip', id: 'tooltip' });
  element.hidden = true;
  let shownAt = 0;
  const hide = () => {
    element.hidden = true;
  };
  const showAt = (box: DOMRect, content: readonly Child[]) => {
    fill(element, ...content);
    shownAt = performance.now();
    element.hidden = false;
    const own = element.getBoundingClientRect();
    const below = box.bottom + GAP + own.height <= innerHeight;
    element.style.left = `${Math.max(GAP, Math.min(box.left, document.documentElement.clientWidth - own.width - GAP))}px`;
    element.style.top = `${below ? box.bottom + GAP : Math.max(GAP, box.top - GAP - own.height)}px`;
  };
  document.addEventListener('keydown', (event) => event.key === 'Escape' && hide());
  document.addEventListener('scroll', () => performance.now() - shownAt > OWN_SCROLL && hide(), { passive: true, capture: true });
  return {
    element,
    hide,
    showAt,
    attach(target, content) {
      const show = () => showAt(target.getBoundingClientRect(), content());
      target.addEventListener('mouseenter', show);
      target.addEventListener('mouseleave', hide);
      target.addEventListener('focus', () => target.matches(':focus-visible') && show());
      target.addEventListener('blur', hide);
    },
  };
}
