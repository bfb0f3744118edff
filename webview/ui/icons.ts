const NS = 'http://www.w3.org/2000/svg';

/** Own 16 × 16 line drawings: [path drawn as line, path filled]. */
const PATHS = {
  play: ['', 'M4.5 2.8v10.4L13 8z'],
  resume: ['', 'M3 3h2v10H3zM7 3v10l7-5z'],
  pause: ['', 'M4 3h3v10H4zM9 3h3v10H9z'],
  stop: ['', 'M3.5 3.5h9v9h-9z'],
  check: ['M3 8.5l3.2 3.2L13 5', ''],
  error: ['M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8', ''],
  warning: ['M8 2.2L14.3 13.4H1.7zM8 6.4v3.4', 'M7.3 11h1.4v1.3H7.3z'],
  info: ['M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM8 7.2v4.2', 'M7.3 4.4h1.4v1.5H7.3z'],
  bolt: ['', 'M9.4 1.5L3.4 9h3.5l-1 5.5L12.6 7H9z'],
  sliders: ['M2 4.5h6M11.5 4.5H14M2 11.5h2.5M8 11.5h6', 'M8 2.6h2.4v3.8H8zM5.2 9.6h2.4v3.8H5.2z'],
  log: ['M3 3.5h10M3 6.5h10M3 9.5h7M3 12.5h9', ''],
  save: ['M8 2v7.5M4.8 6.6L8 9.8l3.2-3.2M2.5 11v2.5h11V11', ''],
  table: ['M2 3h12v10H2zM2 6.3h12M2 9.6h12M6.5 3v10', ''],
  copy: ['M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z', ''],
  chevron: ['M6 3.5L10.5 8 6 12.5', ''],
  search: ['M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.4 10.4l3.4 3.4', ''],
  file: ['M3.5 1.8h6L13 5.2v9H3.5zM9.2 1.8v3.7H13', ''],
  reset: ['M3 5.5h6.5a3.7 3.7 0 1 1 0 7.4H5M5.8 2.6L3 5.5l2.8 2.9', ''],
  lock: ['M5 7.2V5a3 3 0 0 1 6 0v2.2M3.5 7.2h9v6.3h-9z', ''],
  running: ['M8 2.2a5.8 5.8 0 1 1-5.5 4', 'M8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z'],
  waiting: ['M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2zM8 4.8V8l2.2 1.5', ''],
} as const;
export type IconName = keyof typeof PATHS;

/** A decorative icon in the text's colour and size; its meaning stands in words beside it. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(NS, 'svg');
  for (const [key, value] of Object.entries({
    viewBox: '0 0 16 16',
    width: '16',
    height: '16',
    'aria-hidden': 'true',
    class: `icon icon-${name}`,
  }))
    svg.setAttribute(key, value);
  const [line, filled] = PATHS[name];
  if (line)
    svg.append(
      path(line, { fill: 'none', stroke: 'currentColor', 'stroke-width': '1.3', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' }),
    );
  if (filled) svg.append(path(filled, { fill: 'currentColor' }));
  return svg;
}

function path(d: string, attributes: Record<string, string>): SVGPathElement {
  const element = document.createElementNS(NS, 'path');
  element.setAttribute('d', d);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
