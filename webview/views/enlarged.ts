import type { ExemplarPainter } from '../charts/exemplarCanvas';
import { exemplarChange, NOTHING_MOVED } from '../model/exemplars';
import { number } from '../model/format';
import { h, type Child } from '../ui/h';
import type { GridContent } from './exemplarGrid';

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
  const classIndex = pixels.classes[exemplar] ?? 0;
  const position = pixels.classes.slice(0, exemplar).filter((c) => c === classIndex).length + 1;
  const total = pixels.classes.filter((c) => c === classIndex).length;
  const { mean, max } = exemplarChange(pixels, exemplar);
  return [
    h('strong', {}, `Class ${nameOf(classIndex)} · exemplar ${position} of ${total}`),
    h('div', { class: 'enlarged-images' }, ...images),
    parts.length > 1 &&
      h(
        'p',
        { class: 'quiet', role: 'status' },
        mean < NOTHING_MOVED ? 'Nothing moved. ' : '',
        `|after − before|: mean ${number(mean)}, largest ${number(max)} · colours end at ±${number(scale.limit)}`,
      ),
  ];
}
