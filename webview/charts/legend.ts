import { fill, h } from '../ui/h';
import type { LineStyle } from './lineStyle';

const NS = 'http://www.w3.org/2000/svg';

export interface LegendEntry {
  readonly id: string;
  readonly label: string;
  readonly style: LineStyle;
}

/** A legend whose entries switch their lines on and off. */
export interface Legend {
  readonly element: HTMLElement;
  show(entries: readonly LegendEntry[], hidden: ReadonlySet<string>): void;
}

export function legend(name: string, onToggle: (id: string) => void): Legend {
  const element = h('div', { class: 'legend', role: 'group', 'aria-label': `${name}: lines shown` });
  let shown = '';
  return {
    element,
    show(entries, hidden) {
      const key = JSON.stringify([entries, [...hidden]]);
      if (key === shown) return;
      shown = key;
      const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['line'] : undefined;
      fill(
        element,
        ...entries.map(({ id, label, style }) =>
          h(
            'button',
            {
              type: 'button',
              class: 'legend-entry',
              'data-line': id,
              'aria-pressed': String(!hidden.has(id)),
              on: { click: () => onToggle(id) },
            },
            sample(style),
            label,
          ),
        ),
      );
      if (focused !== undefined) element.querySelector<HTMLElement>(`[data-line="${CSS.escape(focused)}"]`)?.focus();
    },
  };
}

/** A short piece of the line with its dash and marker. */
export function sample({ colour, dash, marker, width }: LineStyle): SVGSVGElement {
  const svg = svgElement('svg', { viewBox: '0 0 28 12', width: '28', height: '12', 'aria-hidden': 'true', class: 'line-sample' });
  svg.style.color = `var(${colour})`;
  svg.append(
    svgElement('line', {
      x1: '1',
      y1: '6',
      x2: '27',
      y2: '6',
      stroke: 'currentColor',
      'stroke-width': String(width),
      'stroke-dasharray': dash.join(' '),
    }),
  );
  const shapes = {
    circle: 'M14 2.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7z',
    triangle: 'M14 1.8l4 7.4h-8z',
    rect: 'M11 3h6v6h-6z',
    rectRot: 'M14 1.5L18.5 6 14 10.5 9.5 6z',
    none: '',
  };
  if (shapes[marker]) svg.append(svgElement('path', { d: shapes[marker], fill: 'currentColor' }));
  return svg;
}

function svgElement<K extends 'svg' | 'line' | 'path'>(tag: K, attributes: Readonly<Record<string, string>>): SVGElementTagNameMap[K] {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
