/** The fixed vocabularies of the product: every other list of these words is derived from here. */

/** What a phase is doing. `train` is (6) in phase 0, `distil` in every later one. A phase runs them in the order of its plan. */
export const STAGES = ['train', 'distil', 'mnemonics-new', 'mnemonics-old', 'fine-tune', 'select', 'evaluate'] as const;
export type Stage = (typeof STAGES)[number];

export const HOSTS = ['icarl', 'lwf'] as const;
export type HostName = (typeof HOSTS)[number];

export const EXEMPLAR_METHODS = ['random', 'herding', 'mnemonics'] as const;
export type ExemplarMethod = (typeof EXEMPLAR_METHODS)[number];

/** How the memory is limited. */
export const MEMORIES = ['per-class', 'total'] as const;
export type Memory = (typeof MEMORIES)[number];

export const NETWORKS = ['resnet8', 'resnet14', 'resnet20', 'resnet32'] as const;
export type NetworkName = (typeof NETWORKS)[number];

export const ENGINES = ['native', 'wasm', 'cpu'] as const;
export type EngineName = (typeof ENGINES)[number];

export const DATA_SETS = ['mnist', 'cifar100'] as const;
export type DataSetName = (typeof DATA_SETS)[number];

/** The two classifiers that every run evaluates: the network's softmax, and the nearest mean of exemplars on L2-normalised features. */
export const CLASSIFIERS = ['softmax', 'nearestMean'] as const;
export type Classifier = (typeof CLASSIFIERS)[number];
