import { concat, slice, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { augmentation, blackOf } from '../../../data/augmentation';
import type { RandomStream } from '../../../learning/randomStreams';
import { imageSize } from '../../exemplarMemory';
import { gatherRows } from '../../imageRows';
import { valuesOf } from '../../tensorData';
import type { StageContext } from '../stage';

/** What the temporary model trains on, as a function of exemplars E that can be differentiated backwards. */
export interface InnerImages {
  /** [m', H, W, C] */
  readonly images: Tensor;
  /** Class index of each, [m'] */
  readonly classes: Int32Array;
  /** The gradient by E, [m, H, W, C], from that by `images`, which it takes over. */
  pullBack(gradient: Tensor): Promise<Tensor>;
  dispose(): void;
}

/** E itself, as the paper has it. */
export const asStored = (images: Tensor, classes: Int32Array): InnerImages => ({
  images,
  classes,
  pullBack: (gradient) => Promise.resolve(gradient),
  dispose: () => undefined,
});

/** `innerReplay`: as many exemplars again, of classes that E has none of, behind it; all there are where they are fewer. */
export function withOthers(inner: InnerImages, { state, data }: StageContext, random: RandomStream): InnerImages {
  const { memory } = state;
  const own = new Set(inner.classes);
  const others = [...memory.classes.keys()].filter((row) => !own.has(memory.classes[row] ?? -1));
  const chosen = [...random.permutation(others.length).subarray(0, inner.classes.length)].map((at) => others[at] ?? -1);
  if (chosen.length === 0) return inner;
  const [m = 0, ...image] = inner.images.shape;
  const more = tensor(gatherRows(memory.after, imageSize(data), chosen), [chosen.length, ...image]);
  const images = concat([inner.images, more]);
  more.dispose();
  return {
    images,
    classes: Int32Array.from([...inner.classes, ...chosen.map((row) => memory.classes[row] ?? -1)]),
    pullBack(gradient) {
      const ofExemplars = slice(gradient, 0, m);
      gradient.dispose();
      return inner.pullBack(ofExemplars);
    },
    dispose() {
      images.dispose();
      inner.dispose();
    },
  };
}

/**
 * `mnemonicsAugmentation`: each image cropped and flipped as training does. That takes every pixel from one place of the stored image,
 * or makes it black, so the gradient goes back to where the pixel came from.
 */
export async function augmentedImages(inner: InnerImages, { config, data }: StageContext, random: RandomStream): Promise<InnerImages> {
  const size = imageSize(data);
  const sources = sourcesOf(inner.classes.length, size, config().augmentation, data, random);
  const stored = await valuesOf(inner.images);
  const black = blackOf(data);
  const images = Float32Array.from(sources, (source, at) =>
    source === BLACK ? (black[at % data.channels] ?? 0) : (stored[at - (at % size) + source - 1] ?? 0),
  );
  const { shape } = inner.images;
  const shown = tensor(images, shape);
  return {
    images: shown,
    classes: inner.classes,
    async pullBack(gradient) {
      const values = await valuesOf(gradient);
      const back = new Float32Array(values.length);
      sources.forEach((source, at) => {
        if (source === BLACK) return;
        const to = at - (at % size) + source - 1;
        back[to] = (back[to] ?? 0) + (values[at] ?? 0);
      });
      gradient.dispose();
      return inner.pullBack(tensor(back, shape));
    },
    dispose() {
      shown.dispose();
      inner.dispose();
    },
  };
}

const BLACK = 0;

/** For each pixel of augmented images its place in the stored image, counted from 1; 0 for padding. The augmentation itself tells, on an image of places. */
function sourcesOf(
  count: number,
  size: number,
  kind: Parameters<typeof augmentation>[0],
  { height, width, channels }: StageContext['data'],
  random: RandomStream,
): Float32Array {
  const places = Float32Array.from({ length: count * size }, (_, at) => (at % size) + 1);
  // At the exemplars' own size, whatever their data set's practice: a change of scale would blur them.
  const draw = augmentation(kind, { height, width, channels, practice: 'padded-crop', black: new Array<number>(channels).fill(BLACK) });
  for (let i = 0; i < count; i++) draw(random)?.apply(places, i * size);
  return places;
}
