import { h, setAttribute } from './h';

/** The sticky row of links to a page's sections; the one in sight is marked. */
export function sectionNav(sections: readonly { element: HTMLElement; title: string }[]): HTMLElement {
  // Where the page ends before a chosen section reaches its place, the choice counts until the reader scrolls.
  let chosen: number | null = null;
  const links = sections.map(({ element, title }, i) =>
    h('a', { href: `#${element.id}`, on: { click: (event) => (event.preventDefault(), choose(element, i)) } }, title),
  );
  const choose = (element: HTMLElement, i: number) => {
    go(element);
    chosen = i;
    mark();
  };
  const mark = () => {
    const current = chosen ?? sectionInSight(sections.map(({ element }) => element.getBoundingClientRect()));
    links.forEach((link, i) => setAttribute(link, 'aria-current', i === current ? 'true' : null));
  };
  for (const input of ['wheel', 'touchmove', 'pointerdown', 'keydown'])
    addEventListener(input, () => (chosen = null), { passive: true, capture: true });
  addEventListener('scroll', mark, { passive: true });
  // Sections grow and shrink with what they show.
  const observer = new ResizeObserver(mark);
  for (const { element } of sections) observer.observe(element);
  return h('nav', { class: 'section-nav', 'aria-label': 'Sections' }, ...links);
}

/** Focus goes along, so that the next Tab goes on inside the section. */
function go(section: HTMLElement): void {
  section.scrollIntoView({ behavior: document.body.classList.contains('vscode-reduce-motion') ? 'auto' : 'smooth', block: 'start' });
  section.focus({ preventScroll: true });
}

/** The last section that begins above the middle of the window; the last of all at the page's end, where it may never come so far up. */
function sectionInSight(boxes: readonly DOMRect[]): number {
  const { scrollHeight, clientHeight } = document.documentElement;
  const atEnd = scrollHeight > clientHeight && window.scrollY + clientHeight >= scrollHeight - 1;
  return atEnd
    ? boxes.length - 1
    : Math.max(
        0,
        boxes.findLastIndex(({ top, height }) => height > 0 && top < clientHeight / 2),
      );
}
