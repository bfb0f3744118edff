import type { Tensor } from '@tensorflow/tfjs-core';

/** Tensors by name, such as a network's parameters. The order of the keys is the order of the parameters. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/** The tensor of that name; a missing one is a defect of the caller. */
export function named(tensors: NamedTensors, name: string): Tensor {
  const tensor = tensors[name];
  if (!tensor) throw new Error(`No tensor named ${name}`);
  return tensor;
}

/** A new record with each tensor replaced by `change(tensor, name)`. */
export function mapNamed(tensors: NamedTensors, change: (tensor: Tensor, name: string) => Tensor): NamedTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor, name)]));
}

export function disposeNamed(tensors: NamedTensors): void {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}
