/** Experiments that come with the product, as `examples/NAME.mnemonics.json`. */
export const PRESETS = ['demo', 'laptop', 'paper'] as const;
export type Preset = (typeof PRESETS)[number];

/** What each is, for a choice among them. */
export const PRESET_WORDS: Readonly<Record<Preset, string>> = {
  demo: 'digits, about a minute',
  laptop: 'CIFAR-100, the method cut to half an hour of a laptop',
  paper: "CIFAR-100, the paper's setting, for a GPU",
};
