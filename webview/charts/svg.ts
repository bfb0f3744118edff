const NS = 'http://www.w3.org/2000/svg';

type Tag = 'svg' | 'g' | 'line' | 'path' | 'rect' | 'text' | 'title';

/** An SVG element with its attributes and children. Colours come from classes, so that they follow the theme. */
export function svg<K extends Tag>(
  tag: K,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly (SVGElement | string)[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}
