import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { bic } from '../../src/hosts/bic';
import { HOSTS_BY_NAME } from '../../src/hosts/hosts';
import type { HostBatch } from '../../src/hosts/host';
import { lucir } from '../../src/hosts/lucir';
import { HOST_MATH } from '../../src/learning/hostMath';
import { classificationLoss } from '../../src/learning/losses';
import { configSchema } from '../../src/protocol/config';
import { oneHot } from '../../src/trainer/batches';
import { describeOnEngines } from '../engine/support/engines';

const count = () => fc.integer({ min: 1, max: 200 });

describe("hosts' numbers", () => {
  const config = configSchema.parse({});

  it("BiC weighs classification by the new classes' share of all classes seen; phase 0 has nothing else", () => {
    fc.assert(
      fc.property(count(), count(), (old, fresh) => {
        const { lambda, temperature } = bic.scalars(config, { old, new: fresh });
        assert.ok(Math.abs(lambda * (old + fresh) - fresh) < 1e-9);
        assert.equal(temperature, 2);
      }),
    );
    assert.equal(bic.scalars(config, { old: 0, new: 5 }).lambda, 1);
  });

  it("LUCIR's feature distillation grows with √(old/new), and it never asks for more rivals than there are", () => {
    fc.assert(
      fc.property(count(), count(), (old, fresh) => {
        const { lambdaDist, hardClasses } = lucir.scalars(config, { old, new: fresh });
        assert.ok(Math.abs((lambdaDist / 5) ** 2 - old / fresh) < 1e-6 * (old / fresh));
        assert.equal(hardClasses, Math.min(2, fresh));
      }),
    );
  });
});

describeOnEngines('(5) with λ = 1', ['native', 'wasm', 'cpu'], () => {
  for (const name of ['icarl', 'lwf'] as const) {
    it(`${name} does not distil: whatever the old model says, the loss is L_c`, () => {
      const logit = fc.double({ min: -20, max: 20, noNaN: true });
      const rows = (width: number) => fc.array(fc.array(logit, { minLength: width, maxLength: width }), { minLength: 3, maxLength: 3 });
      fc.assert(
        fc.property(rows(5), rows(3), fc.double({ min: 0.5, max: 8, noNaN: true }), (now, before, tau) =>
          tf.tidy(() => {
            const seen = (matrix: number[][]) => {
              const logits = tf.tensor2d(matrix);
              return { logits, scores: logits, features: logits };
            };
            const batch: HostBatch = {
              ...seen(now),
              old: seen(before),
              oneHot: oneHot([0, 3, 4], 5),
              scalars: { lambda: tf.scalar(1), temperature: tf.scalar(tau) },
            };
            const [loss] = HOSTS_BY_NAME[name].loss(HOST_MATH)(batch).dataSync();
            const [alone] = classificationLoss(batch.logits, batch.oneHot).dataSync();
            // Equal as numbers: of a loss of zero the sign may differ.
            assert.ok(loss === alone, `${loss} is not ${alone}`);
          }),
        ),
        { numRuns: 25 },
      );
    });
  }
});
