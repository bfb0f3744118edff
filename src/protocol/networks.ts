/** What a residual network of two-convolution blocks is, apart from its weights, its input and its classifier. */
export interface NetworkForm {
  /** `small`: a 3×3 convolution. `imagenet`: a 7×7 one with stride 2, then 3×3 max pooling with stride 2. */
  readonly stem: 'small' | 'imagenet';
  /** Blocks of each stage; every stage after the first halves the image. */
  readonly blocks: number;
  /** Channels of each stage; the last are the features. */
  readonly channels: readonly number[];
  /** Heights and widths that it is for. */
  readonly smallest: number;
  readonly largest: number;
}

/** He et al. 2016 for CIFAR; 6·blocks + 2 layers. */
const small = (blocks: number): NetworkForm => ({ stem: 'small', blocks, channels: [16, 32, 64], smallest: 8, largest: 64 });

/** Every network, one line each. Weights have the names of torchvision's, shortcuts are 1×1 convolutions. */
export const NETWORK_FORMS = {
  resnet8: small(1),
  resnet14: small(2),
  resnet20: small(3),
  resnet32: small(5),
  /** For 224×224, as torchvision's. */
  resnet18: { stem: 'imagenet', blocks: 2, channels: [64, 128, 256, 512], smallest: 64, largest: 512 },
} as const satisfies Readonly<Record<string, NetworkForm>>;
