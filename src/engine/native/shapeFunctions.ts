import { util, type DataType as TensorType } from '@tensorflow/tfjs-core';
import type { OpCall, TensorSpec } from './opCall';
import * as rules from './shapeRules';
import { convolved, pooled } from './windowShapes';

/** What an op returns, from what it is given: TensorFlow's documented semantics (tensorflow.org/api_docs/python/tf/raw_ops). */
type ShapeFunction = (call: OpCall) => TensorSpec[];

/** One output of the first input's type, or of another. */
const one =
  (shapeOf: (call: OpCall) => number[], typeOf = (call: OpCall): TensorType => call.input(0).dtype): ShapeFunction =>
  (call) => [{ shape: shapeOf(call), dtype: typeOf(call) }];

const bool = (): TensorType => 'bool';
const int32 = (): TensorType => 'int32';

/** An image like input 0, then statistics of its channels: what the batch norms return; reserves that nobody reads. */
const byChannel =
  (statistics: number, reserves: readonly number[][] = []): ShapeFunction =>
  (call) => {
    const { shape, dtype } = call.input(0);
    const channels = shape.slice(-1);
    return [
      { shape: [...shape], dtype },
      ...[...Array<number[]>(statistics).fill(channels), ...reserves].map((s) => ({ shape: s, dtype })),
    ];
  };

const split: ShapeFunction = (call) => {
  const { shape, dtype } = call.input(0);
  const [axis = 0] = call.axes(2, shape.length);
  return call.values(1).map((size) => ({ shape: shape.with(axis, size), dtype }));
};

const unpacked: ShapeFunction = (call) => {
  const { shape, dtype } = call.input(0);
  return Array.from({ length: call.number('num') }, () => ({ shape: shape.toSpliced(call.number('axis'), 1), dtype }));
};

const topK: ShapeFunction = (call) => {
  const { shape, dtype } = call.input(0);
  const largest = shape.with(-1, call.value(1));
  return [
    { shape: largest, dtype },
    { shape: [...largest], dtype: 'int32' },
  ];
};

const each = (shape: ShapeFunction, ops: string): Record<string, ShapeFunction> =>
  Object.fromEntries(ops.split(' ').map((op) => [op, shape]));

/** Every op that a recording may have, under its name in TensorFlow. Another op is a line here and a case in the test beside it. */
const SHAPE_FUNCTIONS: ReadonlyMap<string, ShapeFunction> = new Map(
  Object.entries({
    ...each(one(rules.sameShape), 'Abs AddN Ceil Cos Cumsum Elu Exp Floor Identity LeakyRelu Log LogicalNot Neg OnesLike Reciprocal'),
    ...each(one(rules.sameShape), 'Relu ReluGrad ReverseV2 Round Rsqrt Sigmoid Sign Softmax Softplus Sqrt Square Tanh ZerosLike'),
    ...each(one(rules.sameShape, bool), 'IsNan'),
    ...each(one(rules.broadcast), 'Add FloorMod Maximum Minimum Mul Pow RealDiv SquaredDifference Sub'),
    ...each(one(rules.broadcast, bool), 'Equal Greater'),
    ...each(one(rules.reduced), 'All Any Max Mean Min Prod Sum'),
    ...each(one(rules.withoutAxis, int32), 'ArgMax ArgMin'),
    ...each(one(pooled), 'AvgPool MaxPool'),
    ...each(one(rules.padded), 'MirrorPad PadV2'),
    BatchMatMulV2: one(rules.matrixProduct),
    BiasAdd: one(rules.sameShape),
    BiasAddGrad: one((call) => call.input(0).shape.slice(-1)),
    Cast: one(rules.sameShape, (call) => call.type('DstT')),
    ConcatV2: one(rules.concatenated),
    Conv2D: one(convolved),
    Conv2DBackpropFilter: one((call) => call.values(1)),
    Conv2DBackpropInput: one(
      (call) => call.values(0),
      (call) => call.input(2).dtype,
    ),
    Einsum: one(rules.einsum),
    ExpandDims: one((call) => rules.withAxis(call.input(0).shape, call.value(1), 1)),
    Fill: one(
      (call) => call.values(0),
      (call) => call.input(1).dtype,
    ),
    FusedBatchNorm: byChannel(4),
    FusedBatchNormGradV3: byChannel(2, [[], []]),
    FusedBatchNormV3: byChannel(4, [[0]]),
    GatherV2: one(rules.gathered),
    LabBatchNorm: byChannel(2),
    LabBatchNormGrad: byChannel(2),
    LabConv2D: one((call) => [...call.input(0).shape.slice(0, 3), call.input(1).shape[3] ?? 0]),
    LabConv2DBackpropFilter: one((call) => [3, 3, call.input(0).shape[3] ?? 0, call.input(1).shape[3] ?? 0]),
    LabConv2DBackpropInput: one((call) => [...call.input(0).shape.slice(0, 3), call.input(1).shape[2] ?? 0]),
    LinSpace: one((call) => [call.value(2)]),
    OneHot: one(
      (call) => rules.withAxis(call.input(0).shape, call.number('axis'), call.value(1)),
      (call) => call.input(2).dtype,
    ),
    Pack: one((call) => rules.withAxis(call.input(0).shape, call.number('axis'), call.inputs.length)),
    Range: one((call) => [Math.max(0, Math.ceil((call.value(1) - call.value(0)) / call.value(2)))]),
    Reshape: one((call) => util.inferFromImplicitShape(call.values(1), util.sizeFromShape(call.input(0).shape))),
    Select: one(
      (call) => [...call.input(1).shape],
      (call) => call.input(1).dtype,
    ),
    Slice: one(rules.sliced),
    SplitV: split,
    StridedSlice: one(rules.stridedSlice),
    Tile: one((call) => {
      const repeats = call.values(1);
      return call.input(0).shape.map((size, axis) => size * (repeats[axis] ?? 1));
    }),
    TopKV2: topK,
    Transpose: one((call) => call.axes(1, call.input(0).shape.length).map((axis) => call.input(0).shape[axis] ?? 0)),
    Unpack: unpacked,
  } satisfies Record<string, ShapeFunction>),
);

/** The names of the ops that can be recorded. */
export const RECORDABLE_OPS: readonly string[] = [...SHAPE_FUNCTIONS.keys()];

/**
 * The shapes and types of what an op returns, without executing it.
 * @throws RecordingError for an op that isn't listed here, and where a shape depends on a value that isn't there
 */
export function inferOutputs(call: OpCall): TensorSpec[] {
  const shapeFunction = SHAPE_FUNCTIONS.get(call.op);
  if (!shapeFunction) throw call.unlike("can't be recorded: src/engine/native/shapeFunctions.ts doesn't know it");
  return shapeFunction(call);
}
