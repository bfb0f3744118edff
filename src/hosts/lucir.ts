import { z } from 'zod';
import { field } from '../protocol/config/field';
import { defineHost } from './host';

const weight = () => z.number().min(0).max(10_000);

/**
 * LUCIR (Hou et al., CVPR 2019): L_c + λ_dist·L_dist + weight·L_mr with a cosine classifier (their section 3.2).
 * - Less forgetting (3.3): L_dist = 1 − ⟨f̄*, f̄⟩, the mean over the batch, f̄* the normalised features of the model before
 *   this phase; λ_dist = λ_base·√(old classes / new classes). The embeddings of old classes are fixed meanwhile, as the
 *   authors' code does (learning rate and decay 0): the features, not the embeddings, keep the geometry of old classes.
 * - Separation (3.4): for each exemplar of an old class in the batch and its K hardest new classes, max(0, m − ⟨θ̄, f̄⟩ +
 *   ⟨θ̄_k, f̄⟩), the mean over exemplars and K; 0 where the batch has no exemplar.
 * - New embeddings are imprinted: normalised class means at the old embeddings' mean norm (authors' code).
 */
export const lucir = defineHost({
  name: 'lucir',
  title: 'LUCIR',
  headline: 'softmax',
  head: 'cosine',
  shares: [],
  fields: {
    lucirLambdaBase: field(weight().default(5), {
      title: 'Less-forget weight',
      symbol: 'λ_base',
      description: 'Weight of feature distillation, times √(old classes / new classes). 5 for CIFAR-100, 10 for ImageNet.',
      group: 'Host',
    }),
    lucirHardClasses: field(z.int().min(1).max(1000).default(2), {
      title: 'Hardest new classes',
      symbol: 'K',
      description: 'New classes with the highest scores from which each old exemplar is kept apart.',
      unit: 'classes',
      group: 'Host',
    }),
    lucirMargin: field(z.number().min(0).max(2).default(0.5), {
      title: 'Margin',
      symbol: 'm',
      description: "By how much an old exemplar's own cosine must exceed those of the hardest new classes.",
      group: 'Host',
    }),
    lucirMarginWeight: field(weight().default(1), {
      title: 'Margin ranking weight',
      description: 'Weight of the margin ranking loss. 0 leaves it out.',
      group: 'Host',
    }),
  },
  scalars: ({ lucirLambdaBase, lucirHardClasses, lucirMargin, lucirMarginWeight }, classes) => ({
    lambdaDist: lucirLambdaBase * Math.sqrt(classes.old / classes.new),
    hardClasses: Math.min(lucirHardClasses, classes.new),
    margin: lucirMargin,
    marginWeight: lucirMarginWeight,
  }),
  loss:
    ({ ops, classificationLoss, cosineDistance, marginRankingLoss }) =>
    ({ features, logits, scores, oneHot, old, scalars }) => {
      const classification = classificationLoss(logits, oneHot);
      if (!old) return classification;
      const lessForget = ops.mul(cosineDistance(features, old.features), scalars.lambdaDist);
      const [, oldClasses = 0] = old.logits.shape;
      const ranking = marginRankingLoss(scores, oneHot, oldClasses, scalars.hardClasses, scalars.margin);
      return ops.add(ops.add(classification, lessForget), ops.mul(ranking, scalars.marginWeight));
    },
  imprints: true,
  fixesOldClasses: true,
});
