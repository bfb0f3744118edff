import { multiplyAdd, read, take, write } from './simd';

/** Pixels whose channels are gone through four at a time while they lie in the first cache. */
const TILE = 128;

/*
 * Images are [n, pixels, channels]; a unit of work is an image. What is reduced over images is left for each image by itself and
 * added up in their order, so that no sum depends on the number of threads.
 */

/** For each image, [2, channels]: the means over its pixels, and the sums of squares of the distances from them. */
export function imageMoments(x: usize, moments: usize, n: i32, pixels: i32, channels: i32, frames: usize, counter: usize): void {
  const row = (<usize>channels) << 2;
  for (let image = take(counter); image < n; image = take(counter)) {
    const from = x + <usize>(image * pixels) * row;
    const means = moments + <usize>(2 * image) * row;
    const squares = means + row;
    memory.fill(means, 0, 2 * row);
    for (let p = 0; p < pixels; p += TILE) addSums(from + <usize>p * row, means, min(TILE, pixels - p), channels);
    for (let c = 0; c < channels; c++) {
      const at = means + ((<usize>c) << 2);
      store<f32>(at, load<f32>(at) / <f32>pixels);
    }
    for (let p = 0; p < pixels; p += TILE) addSquares(from + <usize>p * row, means, squares, min(TILE, pixels - p), channels);
  }
}

/** Mean and biased variance [channels] of all images from {@link imageMoments}: σ² = ⟨σ²ᵢ⟩ + ⟨(μᵢ − μ)²⟩. */
export function batchMoments(moments: usize, mean: usize, variance: usize, n: i32, pixels: i32, channels: i32): void {
  for (let c = 0; c < channels; c++) {
    const at = (<usize>c) << 2;
    let sum: f64 = 0;
    for (let image = 0; image < n; image++) sum += load<f32>(moments + at + ((<usize>(2 * image * channels)) << 2));
    const centre = sum / <f64>n;
    let within: f64 = 0;
    let between: f64 = 0;
    for (let image = 0; image < n; image++) {
      const own = moments + at + ((<usize>(2 * image * channels)) << 2);
      const distance = <f64>load<f32>(own) - centre;
      within += load<f32>(own + ((<usize>channels) << 2));
      between += distance * distance;
    }
    store<f32>(mean + at, <f32>centre);
    store<f32>(variance + at, <f32>(within / (<f64>n * <f64>pixels) + between / <f64>n));
  }
}

/** y = (x − centre) · scale + shift, by channel. */
export function affine(
  x: usize,
  y: usize,
  centre: usize,
  scale: usize,
  shift: usize,
  n: i32,
  pixels: i32,
  channels: i32,
  frames: usize,
  counter: usize,
): void {
  const row = (<usize>channels) << 2;
  for (let image = take(counter); image < n; image = take(counter)) {
    let from = x + <usize>(image * pixels) * row;
    let to = y + <usize>(image * pixels) * row;
    const end = from + <usize>pixels * row;
    while (from < end) {
      let c: usize = 0;
      while (c < row) {
        const wide = c + 16 <= row;
        const centred = f32x4.sub(read(from, wide), read(centre + c, wide));
        write(to, multiplyAdd(centred, read(scale + c, wide), read(shift + c, wide)), wide);
        const step: usize = wide ? 16 : 4;
        c += step;
        from += step;
        to += step;
      }
    }
  }
}

/** For each image, [2, channels]: the sums over its pixels of dy and of dy · (x − mean). */
export function imageGradientSums(
  dy: usize,
  x: usize,
  mean: usize,
  sums: usize,
  n: i32,
  pixels: i32,
  channels: i32,
  frames: usize,
  counter: usize,
): void {
  const row = (<usize>channels) << 2;
  for (let image = take(counter); image < n; image = take(counter)) {
    const at = <usize>(image * pixels) * row;
    const own = sums + <usize>(2 * image) * row;
    memory.fill(own, 0, 2 * row);
    for (let p = 0; p < pixels; p += TILE) {
      const tile = at + <usize>p * row;
      addGradientSums(dy + tile, x + tile, mean, own, own + row, min(TILE, pixels - p), channels);
    }
  }
}

/** scale / √(variance + ε) by channel. */
export function slopes(scale: usize, variance: usize, epsilon: f64, slope: usize, channels: i32): void {
  for (let c = 0; c < channels; c++) {
    const at = (<usize>c) << 2;
    store<f32>(slope + at, <f32>(<f64>load<f32>(scale + at) / Math.sqrt(<f64>load<f32>(variance + at) + epsilon)));
  }
}

/**
 * From the sums of {@link imageGradientSums} the gradients of scale and offset, and what {@link batchNormGradient} needs. With
 * r = 1 / √(σ² + ε): dx = γ·r·(dy − ⟨dy⟩ − (x − μ)·r²·⟨dy·(x − μ)⟩).
 */
export function gradientCoefficients(
  sums: usize,
  scale: usize,
  variance: usize,
  epsilon: f64,
  dscale: usize,
  doffset: usize,
  dyMean: usize,
  fromDy: usize,
  fromX: usize,
  n: i32,
  pixels: i32,
  channels: i32,
): void {
  const count = <f64>n * <f64>pixels;
  const row = (<usize>channels) << 2;
  for (let c = 0; c < channels; c++) {
    const at = (<usize>c) << 2;
    let sum: f64 = 0;
    let product: f64 = 0;
    let own = sums + at;
    for (let image = 0; image < n; image++) {
      sum += load<f32>(own);
      product += load<f32>(own + row);
      own += 2 * row;
    }
    const r = 1 / Math.sqrt(<f64>load<f32>(variance + at) + epsilon);
    const slope = <f64>load<f32>(scale + at) * r;
    store<f32>(doffset + at, <f32>sum);
    store<f32>(dscale + at, <f32>(product * r));
    store<f32>(dyMean + at, <f32>(sum / count));
    store<f32>(fromDy + at, <f32>slope);
    store<f32>(fromX + at, <f32>((-slope * r * r * product) / count));
  }
}

/** Sums over images: [n, width] → [width]. */
export function addImages(sums: usize, total: usize, n: i32, width: i32): void {
  for (let k = 0; k < width; k++) {
    let sum: f64 = 0;
    for (let image = 0; image < n; image++) sum += load<f32>(sums + ((<usize>(image * width + k)) << 2));
    store<f32>(total + ((<usize>k) << 2), <f32>sum);
  }
}

/** dx = (dy − dyMean) · fromDy + (x − mean) · fromX, by channel. */
export function batchNormGradient(
  dy: usize,
  x: usize,
  dx: usize,
  dyMean: usize,
  fromDy: usize,
  mean: usize,
  fromX: usize,
  n: i32,
  pixels: i32,
  channels: i32,
  frames: usize,
  counter: usize,
): void {
  const row = (<usize>channels) << 2;
  for (let image = take(counter); image < n; image = take(counter)) {
    let at = <usize>(image * pixels) * row;
    const end = at + <usize>pixels * row;
    while (at < end) {
      let c: usize = 0;
      while (c < row) {
        const wide = c + 16 <= row;
        const ofX = f32x4.mul(f32x4.sub(read(x + at, wide), read(mean + c, wide)), read(fromX + c, wide));
        const ofDy = f32x4.sub(read(dy + at, wide), read(dyMean + c, wide));
        write(dx + at, multiplyAdd(ofDy, read(fromDy + c, wide), ofX), wide);
        const step: usize = wide ? 16 : 4;
        c += step;
        at += step;
      }
    }
  }
}

/** For each image, [channels]: the sums over its pixels. */
export function imageSums(x: usize, sums: usize, n: i32, pixels: i32, channels: i32, frames: usize, counter: usize): void {
  const row = (<usize>channels) << 2;
  for (let image = take(counter); image < n; image = take(counter)) {
    const from = x + <usize>(image * pixels) * row;
    const own = sums + <usize>image * row;
    memory.fill(own, 0, row);
    for (let p = 0; p < pixels; p += TILE) addSums(from + <usize>p * row, own, min(TILE, pixels - p), channels);
  }
}

function addSums(x: usize, sums: usize, pixels: i32, channels: i32): void {
  const row = (<usize>channels) << 2;
  for (let c: usize = 0; c < row;) {
    const wide = c + 16 <= row;
    let even = f32x4.splat(0);
    let odd = even;
    let from = x + c;
    let p = 0;
    for (; p + 1 < pixels; p += 2) {
      even = f32x4.add(even, read(from, wide));
      odd = f32x4.add(odd, read(from + row, wide));
      from += 2 * row;
    }
    if (p < pixels) even = f32x4.add(even, read(from, wide));
    write(sums + c, f32x4.add(read(sums + c, wide), f32x4.add(even, odd)), wide);
    c += wide ? 16 : 4;
  }
}

function addSquares(x: usize, means: usize, sums: usize, pixels: i32, channels: i32): void {
  const row = (<usize>channels) << 2;
  for (let c: usize = 0; c < row;) {
    const wide = c + 16 <= row;
    const mean = read(means + c, wide);
    let even = f32x4.splat(0);
    let odd = even;
    let from = x + c;
    let p = 0;
    for (; p + 1 < pixels; p += 2) {
      const first = f32x4.sub(read(from, wide), mean);
      const second = f32x4.sub(read(from + row, wide), mean);
      even = multiplyAdd(first, first, even);
      odd = multiplyAdd(second, second, odd);
      from += 2 * row;
    }
    if (p < pixels) {
      const last = f32x4.sub(read(from, wide), mean);
      even = multiplyAdd(last, last, even);
    }
    write(sums + c, f32x4.add(read(sums + c, wide), f32x4.add(even, odd)), wide);
    c += wide ? 16 : 4;
  }
}

function addGradientSums(dy: usize, x: usize, means: usize, sums: usize, products: usize, pixels: i32, channels: i32): void {
  const row = (<usize>channels) << 2;
  for (let c: usize = 0; c < row;) {
    const wide = c + 16 <= row;
    const mean = read(means + c, wide);
    let sum = f32x4.splat(0);
    let product = sum;
    let at = c;
    for (let p = 0; p < pixels; p++) {
      const gradient = read(dy + at, wide);
      sum = f32x4.add(sum, gradient);
      product = multiplyAdd(gradient, f32x4.sub(read(x + at, wide), mean), product);
      at += row;
    }
    write(sums + c, f32x4.add(read(sums + c, wide), sum), wide);
    write(products + c, f32x4.add(read(products + c, wide), product), wide);
    c += wide ? 16 : 4;
  }
}
