import type { Config } from './config';

/** A run's exemplar method in words, with what in it is not the paper's: `mnemonics (last-layer gradient)`. */
export function exemplarWords(config: Config): string {
  const { exemplarMethod, hypergradientMode, innerBatchNorm, innerStart, innerReplay, mnemonicsAugmentation } = config;
  if (exemplarMethod !== 'mnemonics') return exemplarMethod;
  const traits = [
    ...(hypergradientMode === 'exact' ? [] : [`${hypergradientMode} gradient`]),
    ...(innerBatchNorm === 'frozen' ? [] : ['inner batch statistics']),
    ...(innerStart === 'model' ? [] : [`from ${innerStart}`]),
    ...(innerReplay === 'none' ? [] : ['beside others']),
    ...(mnemonicsAugmentation === 'none' ? [] : ['augmented']),
  ];
  return traits.length === 0 ? exemplarMethod : `${exemplarMethod} (${traits.join(', ')})`;
}
