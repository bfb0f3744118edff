/** The two classifiers that every run evaluates: the network's softmax, and the nearest mean of exemplars on L2-normalised features. */
export const CLASSIFIERS = ['softmax', 'nearestMean'] as const;
export type Classifier = (typeof CLASSIFIERS)[number];
