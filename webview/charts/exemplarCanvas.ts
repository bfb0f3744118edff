import type { ExemplarPixels } from '../../src/protocol/webviewMessages';
import { difference, displayBytes } from '../model/exemplars';
import { diverging, type DifferenceScale } from '../model/colourScale';

export type Part = 'before' | 'after' | 'difference';

/** Images of exemplars at their own size, drawn once and then scaled: a canvas per call is reused for all of them. */
export interface ExemplarPainter {
  /** Draws one part of one exemplar as a square of `size` at (x, y). */
  paint(context: CanvasRenderingContext2D, part: Part, exemplar: number, x: number, y: number, size: number): void;
}

export function exemplarPainter(pixels: ExemplarPixels, scale: DifferenceScale, ground: 'light' | 'dark'): ExemplarPainter {
  const tile = document.createElement('canvas');
  tile.width = pixels.width;
  tile.height = pixels.height;
  const tileContext = tile.getContext('2d', { willReadFrequently: true });
  const cache = new Map<string, Uint8ClampedArray<ArrayBuffer>>();
  const bytesOf = (part: Part, exemplar: number) => {
    const key = `${part} ${exemplar}`;
    const known = cache.get(key);
    if (known) return known;
    const bytes = part === 'difference' ? differenceBytes(pixels, exemplar, scale, ground) : displayBytes(pixels, part, exemplar);
    cache.set(key, bytes);
    return bytes;
  };
  return {
    paint(context, part, exemplar, x, y, size) {
      tileContext?.putImageData(new ImageData(bytesOf(part, exemplar), pixels.width, pixels.height), 0, 0);
      context.imageSmoothingEnabled = false;
      context.drawImage(tile, x, y, size, size);
    },
  };
}

function differenceBytes(
  pixels: ExemplarPixels,
  exemplar: number,
  { limit }: DifferenceScale,
  ground: 'light' | 'dark',
): Uint8ClampedArray<ArrayBuffer> {
  const values = difference(pixels, exemplar);
  const bytes = new Uint8ClampedArray(values.length * 4);
  values.forEach((value, i) => bytes.set([...diverging(limit > 0 ? value / limit : 0, ground), 255], i * 4));
  return bytes;
}
