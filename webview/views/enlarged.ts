import type { ExemplarPixels } from '../../src/protocol/webviewMessages';
import type { ExemplarPainter } from '../charts/exemplarCanvas';
import { NOTHING_MOVED } from '../../src/protocol/metrics';
import { exemplarChange } from '../model/exemplars';
import { number } from '../model/format';
import { h, type Child } from '../ui/h';
import type { GridContent } from './gridContent';

const SIDE = 140;

/** One exemplar, large, with its numbers. */
export function enlarged({ pixels, parts, scale, nameOf }: GridContent, exemplar: number, painter: ExemplarPainter): Child[] {
  const side = Math.max(SIDE, pixels.width);
  const images = parts.map((part) => {
    const canvas = h('canvas', { width: side * 2, height: side * 2, 'aria-hidden': 'true' });
    canvas.style.width = canvas.style.height = `${side}px`;
    const context = canvas.getContext('2d');
    if (context) painter.paint(context, part, exemplar, 0, 0, side * 2);
    return h('figure', {}, canvas, parts.length > 1 && h('figcaption', {}, part));
  });
  return [
    h('strong', {}, headingOf(pixels, exemplar, nameOf)),
    h('div', { class: 'enlarged-images' }, ...images),
    parts.length > 1 && h('p', { class: 'quiet' }, changeText(pixels, exemplar), ` · colours end at ±${number(scale.limit)}`),
  ];
}

/** The same, spoken. */
export function exemplarSentence({ pixels, parts, nameOf }: GridContent, exemplar: number): string {
  return `${headingOf(pixels, exemplar, nameOf)}${parts.length > 1 ? `, ${changeText(pixels, exemplar)}` : ''}`;
}

function headingOf({ classes }: ExemplarPixels, exemplar: number, nameOf: (classIndex: number) => string): string {
  const classIndex = classes[exemplar] ?? 0;
  const position = classes.slice(0, exemplar).filter((c) => c === classIndex).length + 1;
  const total = classes.filter((c) => c === classIndex).length;
  return `Class ${nameOf(classIndex)} · exemplar ${position} of ${total}`;
}

function changeText(pixels: ExemplarPixels, exemplar: number): string {
  const { mean, max } = exemplarChange(pixels, exemplar);
  return `${mean < NOTHING_MOVED ? 'nothing moved; ' : ''}|after − before| mean ${number(mean)}, largest ${number(max)}`;
}
