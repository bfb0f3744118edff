import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend } from '../../../src/engine/native/backend';
import { GraphSteps } from '../../../src/engine/native/graphStep';
import { recordStep } from '../../../src/engine/native/record';
import { describeOnEngines } from '../support/engines';

const backend = (): NativeBackend => tf.backend() as unknown as NativeBackend;

describeOnEngines('recording', ['native'], (engine) => {
  it('runs the step once for each signature, however often it is called', () => {
    let runs = 0;
    const steps = new GraphSteps(backend(), (name) => assert.fail(name));
    const run = steps.compile('counted', (x: tf.Tensor) => {
      runs++;
      return tf.square(x);
    });
    for (const shape of [[2], [2], [3], [2], [3]]) {
      const x = tf.ones(shape);
      tf.dispose([x, run(x)]);
    }
    assert.equal(runs, 2);
    steps.dispose();
  });

  it('executes nothing: the step has shapes and types before it, and TensorFlow not one tensor more', () => {
    const image = tf.ones([2, 9, 9, 3]) as tf.Tensor4D;
    const tensors = (): number => backend().binding.getNumOfTensors();
    const before = tensors();
    let seen: unknown;
    recordStep(
      backend(),
      (x: tf.Tensor) => {
        const y = tf.conv2d(x as tf.Tensor4D, tf.ones([3, 3, 3, 5]), 2, 'same');
        const z = tf.argMax(tf.reshape(y, [2, -1]), 1);
        seen = [y.shape, z.shape, z.dtype, tensors()];
        return z;
      },
      image as tf.Tensor,
    );
    assert.deepEqual(seen, [[2, 5, 5, 5], [2], 'int32', before]);
    assert.equal(tensors(), before);
    image.dispose();
  });

  it('does not take results of another shape or type than it recorded', () => {
    const x = tf.tensor1d([1, 2]);
    const { assemble } = recordStep(backend(), (given: tf.Tensor) => tf.neg(given), x as tf.Tensor);
    const [longer, whole] = [tf.zeros([3]), tf.zeros([2], 'int32')];
    assert.throws(() => assemble([longer]), /gave float32\[3\] where float32\[2\]/);
    assert.throws(() => assemble([whole]), /gave int32\[2\] where float32\[2\]/);
    assert.equal(assemble([x]), x);
    tf.dispose([x, longer, whole]);
  });

  it('makes no constant of an input, and keeps the order of inputs by name', () => {
    const x = { b: tf.tensor1d([1, 2]), a: tf.tensor1d([5, 7]) };
    const { feeds, fetches, nodeCount } = recordStep(backend(), ({ a, b }: { a: tf.Tensor; b: tf.Tensor }) => tf.sub(a, b), x);
    // Two placeholders, the subtraction, the identity of the output.
    assert.equal(nodeCount, 4);
    assert.deepEqual([feeds, fetches], [['input_0:0', 'input_1:0'], ['output_0:0']]);
    const run = engine().compile('order', ({ a, b }: { a: tf.Tensor; b: tf.Tensor }) => tf.sub(a, b));
    const recorded = run(x);
    const reordered = run({ a: x.a, b: x.b });
    assert.deepEqual([...recorded.dataSync(), ...reordered.dataSync()], [4, 5, 4, 5]);
    tf.dispose([x.a, x.b, recorded, reordered]);
  });

  it('leaves no tensor in TensorFlow, no file, and gives its graphs back', () => {
    const steps = new GraphSteps(backend(), (name) => assert.fail(name));
    const x = tf.tensor1d([1, 2, 3]);
    const [tensors, models, files] = [backend().binding.getNumOfTensors(), backend().getNumOfSavedModels(), countGraphFolders()];
    const run = steps.compile('tidy', (input: tf.Tensor) => tf.sum(tf.mul(input, tf.tensor1d([1, 0, 2]))));
    for (let call = 0; call < 3; call++) {
      const y = run(x);
      assert.equal(y.dataSync()[0], 7);
      y.dispose();
    }
    // x itself moves into TensorFlow on first use.
    assert.equal(backend().binding.getNumOfTensors(), tensors + 1);
    assert.equal(backend().getNumOfSavedModels(), models + 1);
    assert.equal(countGraphFolders(), files);
    steps.dispose();
    assert.equal(backend().getNumOfSavedModels(), models);
    x.dispose();
    assert.equal(backend().binding.getNumOfTensors(), tensors);
  });

  it('keeps the graphs of a few shapes and gives back those that came longest ago', () => {
    const steps = new GraphSteps(backend(), (name) => assert.fail(name));
    const models = backend().getNumOfSavedModels();
    const run = steps.compile('shapes', (input: tf.Tensor) => tf.sum(input));
    for (let size = 1; size <= 9; size++) {
      tf.tidy(() => assert.equal(run(tf.ones([size])).dataSync()[0], size));
      tf.tidy(() => assert.equal(run(tf.ones([1])).dataSync()[0], 1));
    }
    assert.equal(backend().getNumOfSavedModels(), models + 4);
    steps.dispose();
    assert.equal(backend().getNumOfSavedModels(), models);
  });

  it('gives back, when asked between stages, the graphs that have not run since it was asked before', () => {
    const steps = new GraphSteps(backend(), (name) => assert.fail(name));
    const models = backend().getNumOfSavedModels();
    const kept = () => backend().getNumOfSavedModels() - models;
    const [train, predict] = ['train', 'predict'].map((name) => steps.compile(name, (input: tf.Tensor) => tf.sum(input)));
    const call = (run: typeof train, size: number) => tf.tidy(() => assert.equal(run?.(tf.ones([size])).dataSync()[0], size));
    for (const size of [1, 2]) call(train, size);
    steps.releaseUnused();
    assert.equal(kept(), 2, 'both have run before it was asked for the first time');
    call(train, 2);
    call(predict, 3);
    steps.releaseUnused();
    assert.equal(kept(), 2, 'the first size is gone');
    call(train, 1);
    assert.equal(kept(), 3, 'and is recorded again when it is needed');
    steps.dispose();
    assert.equal(kept(), 0);
  });

  it('gives free memory back once each time that a graph has been made ready', () => {
    let released = 0;
    const steps = new GraphSteps(
      backend(),
      (name) => assert.fail(name),
      () => released++,
    );
    const run = steps.compile('ready', (input: tf.Tensor) => tf.sum(input));
    for (const size of [1, 2, 1, 2, 2]) tf.tidy(() => run(tf.ones([size])));
    assert.equal(released, 2);
    steps.dispose();
  });

  it('stops watching the backend when the step throws', () => {
    const { executeSingleOutput } = backend();
    const x = tf.scalar(1);
    assert.throws(() =>
      recordStep(
        backend(),
        (): tf.Tensor => {
          throw new Error('no');
        },
        x,
      ),
    );
    assert.equal(backend().executeSingleOutput, executeSingleOutput);
    x.dispose();
  });

  it('falls back to eager execution, and says so, where a step can not become a graph', () => {
    const told: string[] = [];
    const steps = new GraphSteps(backend(), (name, cause) => told.push(`${name}: ${cause instanceof Error ? cause.message : ''}`));
    // An op on strings has no place in a graph of ours.
    const run = steps.compile('stringy', (x: tf.Tensor) => {
      tf.string.staticRegexReplace(tf.tensor1d(['a']), 'a', 'b');
      return tf.add(x, 1);
    });
    const x = tf.scalar(1);
    for (let call = 0; call < 2; call++) {
      const y = run(x);
      assert.equal(y.dataSync()[0], 2);
      y.dispose();
    }
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /^stringy: StaticRegexReplace/);
    steps.dispose();
    x.dispose();
  });

  it('loads tfjs-core once, and the union package of tfjs never', () => {
    const files = Object.keys(require.cache);
    assert.equal(files.filter((file) => /tfjs-core\/dist\/tf-core\.node\.js$/.test(file)).length, 1);
    assert.deepEqual(
      files.filter((file) => /@tensorflow\/tfjs\/dist\//.test(file)),
      [],
    );
  });
});

function countGraphFolders(): number {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('mnemonics-graph-')).length;
}
