import type { RandomNumbers } from '../randomNumbers';
import { resample, type Box, type Raster } from './resample';

const ATTEMPTS = 10;
const AREA = { from: 0.08, to: 1 };
const RATIO = { from: 3 / 4, to: 4 / 3 };

/**
 * Draws the numbers of a resized crop, always as many, whatever the image turns out to be: the stream's course must not depend
 * on an image's size. Two for each attempt at a shape, two for its place, and 1 or 0 for a flip.
 */
export function drawCrop(random: RandomNumbers, flips: boolean): Float64Array {
  const numbers = Float64Array.from({ length: 2 * ATTEMPTS + 3 }, () => random.uniform());
  numbers[2 * ATTEMPTS + 2] = flips && (numbers[2 * ATTEMPTS + 2] ?? 0) < 0.5 ? 1 : 0;
  return numbers;
}

/**
 * The part of an image that drawn numbers name: an area of 8 to 100 % and a ratio of 3/4 to 4/3, ten times tried to fit, else the
 * largest central part with such a ratio (torchvision's `RandomResizedCrop`).
 */
export function cropBox(draws: Float64Array, width: number, height: number): Box {
  const at = (i: number) => draws[i] ?? 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const area = width * height * (AREA.from + (AREA.to - AREA.from) * at(2 * attempt));
    const ratio = Math.exp(Math.log(RATIO.from) + (Math.log(RATIO.to) - Math.log(RATIO.from)) * at(2 * attempt + 1));
    const w = Math.round(Math.sqrt(area * ratio));
    const h = Math.round(Math.sqrt(area / ratio));
    if (w < 1 || h < 1 || w > width || h > height) continue;
    const top = Math.floor(at(2 * ATTEMPTS) * (height - h + 1));
    return { left: Math.floor(at(2 * ATTEMPTS + 1) * (width - w + 1)), top, width: w, height: h };
  }
  const ratio = width / height;
  const w = ratio > RATIO.to ? Math.max(1, Math.round(height * RATIO.to)) : width;
  const h = ratio < RATIO.from ? Math.max(1, Math.round(width / RATIO.from)) : height;
  return { left: Math.floor((width - w) / 2), top: Math.floor((height - h) / 2), width: w, height: h };
}

/** Takes the part that drawn numbers name, brings it to a size and mirrors it where they say so. @returns [height, width, channels] */
export function resizedCrop(image: Raster, draws: Float64Array, width: number, height: number): Float32Array {
  const part = cropBox(draws, image.width, image.height);
  const result = resample(image, part, { left: 0, top: 0, width: part.width, height: part.height }, width, height);
  return draws[2 * ATTEMPTS + 2] === 1 ? mirrored(result, width, image.channels) : result;
}

function mirrored(pixels: Float32Array, width: number, channels: number): Float32Array {
  const result = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length / channels; i++) {
    const x = i % width;
    const from = (i - x + (width - 1 - x)) * channels;
    for (let c = 0; c < channels; c++) result[i * channels + c] = pixels[from + c] as number;
  }
  return result;
}
