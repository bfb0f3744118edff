import type { NetworkShape } from './network';

/** A convolution of a network and the batch norm behind it, by their names; the convolution's kernel is [kernel, kernel, inputs, outputs]. */
export interface Layer {
  readonly conv: string;
  readonly norm: string;
  readonly kernel: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Of the network's stages, from 0; the stem's is that of the first. */
  readonly stage: number;
}

/** All convolutions of a network, in the order of its forward pass. */
export function layersOf({
  stem,
  blocks,
  channels,
  inputChannels,
}: Pick<NetworkShape, 'stem' | 'blocks' | 'channels' | 'inputChannels'>): Layer[] {
  let inputs = channels[0] ?? 0;
  const layers: Layer[] = [
    { conv: 'conv1', norm: 'bn1', kernel: stem === 'small' ? 3 : 7, inputs: inputChannels, outputs: inputs, stage: 0 },
  ];
  channels.forEach((outputs, stage) => {
    for (let block = 0; block < blocks; block++) {
      const prefix = `layer${stage + 1}.${block}`;
      layers.push({ conv: `${prefix}.conv1`, norm: `${prefix}.bn1`, kernel: 3, inputs, outputs, stage });
      layers.push({ conv: `${prefix}.conv2`, norm: `${prefix}.bn2`, kernel: 3, inputs: outputs, outputs, stage });
      if (stage > 0 && block === 0)
        layers.push({ conv: `${prefix}.downsample.0`, norm: `${prefix}.downsample.1`, kernel: 1, inputs, outputs, stage });
      inputs = outputs;
    }
  });
  return layers;
}
