import { h, setAttribute } from './h';

/** The sticky row of links to a page's sections; the one in sight is marked. */
export function sectionNav(sections: readonly { element: HTMLElement; title: string }[]): HTMLElement {
  const links = sections.map(({ element, title }) =>
    h('a', { href: `#${element.id}`, on: { click: (event) => (event.preventDefault(), go(element)) } }, title),
  );
  const inSight = new Set<Element>();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) inSight[isIntersecting ? 'add' : 'delete'](target);
      const current = sections.findIndex(({ element }) => inSight.has(element));
      links.forEach((link, i) => setAttribute(link, 'aria-current', i === current ? 'true' : null));
    },
    // A line across the middle: at most one section holds it.
    { rootMargin: '-49% 0px -50% 0px' },
  );
  for (const { element } of sections) observer.observe(element);
  return h('nav', { class: 'section-nav', 'aria-label': 'Sections' }, ...links);
}

/** Focus goes along, so that the next Tab goes on inside the section. */
function go(section: HTMLElement): void {
  section.scrollIntoView({ behavior: document.body.classList.contains('vscode-reduce-motion') ? 'auto' : 'smooth', block: 'start' });
  section.focus({ preventScroll: true });
}
