import { NETWORK_FORMS } from './networks';

export { HOSTS, type HostName } from '../hosts/hosts';
export { CLASSIFIERS, type Classifier } from './classifiers';
export { DATA_SETS, type DataSetName } from './dataSets/registry';

/** The fixed vocabularies of the product: every other list of these words is derived from here. */

/** What a phase is doing. `train` is (6) in phase 0, `distil` in every later one. A phase runs them in the order of its plan. */
export const STAGES = ['train', 'distil', 'mnemonics-new', 'mnemonics-old', 'fine-tune', 'fit-bias', 'select', 'evaluate'] as const;
export type Stage = (typeof STAGES)[number];

export const EXEMPLAR_METHODS = ['random', 'herding', 'mnemonics'] as const;
export type ExemplarMethod = (typeof EXEMPLAR_METHODS)[number];

/** How the memory is limited. */
export const MEMORIES = ['per-class', 'total'] as const;
export type Memory = (typeof MEMORIES)[number];

export type NetworkName = keyof typeof NETWORK_FORMS;
export const NETWORKS = Object.keys(NETWORK_FORMS) as [NetworkName, ...NetworkName[]];

export const ENGINES = ['native', 'webgpu', 'wasm', 'cpu'] as const;
export type EngineName = (typeof ENGINES)[number];

/**
 * How much of the gradient of (9) is computed. `exact`: through all K steps of all weights. `last-layer`: only the classifier
 * trains in the inner loop, on features that are fixed functions of the exemplars. `first-order`: all weights train, curvature is
 * left out of the way back.
 */
export const HYPERGRADIENT_MODES = ['exact', 'last-layer', 'first-order'] as const;
export type HypergradientMode = (typeof HYPERGRADIENT_MODES)[number];

/**
 * Batch norm of the temporary model. `frozen`: running statistics of Θ_i. `batch`: in every forward pass, that of the data too,
 * its own batch's; running statistics are neither used nor changed. Scale and shift train in both.
 */
export const INNER_BATCH_NORMS = ['frozen', 'batch'] as const;
export type InnerBatchNorm = (typeof INNER_BATCH_NORMS)[number];

/**
 * Where the temporary model of (8) starts. `model`: Θ_i, as the paper has it. `trajectory`: one of the models that this phase's
 * training (6) passed through, another one in each update. `phase-start`: the model with which the phase's training began, Θ_{i−1} with
 * its grown classifier.
 */
export const INNER_STARTS = ['model', 'trajectory', 'phase-start'] as const;
export type InnerStart = (typeof INNER_STARTS)[number];
