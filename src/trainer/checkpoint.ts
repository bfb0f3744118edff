import type { Model } from '../learning/model';
import { float32, type TensorData } from '../store/dtypes';
import { toPlain } from './tensorData';

/**
 * A model as PyTorch's state_dict has it: the same names, convolutions [out, in, height, width]. A plain PyTorch ResNet
 * loads the file with no key missing. Beyond a ResNet's names: `fc.sigma` of a cosine classifier in place of `fc.bias`,
 * `bias_correction.{scale,shift}` [classes], and with weight transfer `….transfer_scale` [out, in, 1, 1] and `….transfer_shift` [out]
 * beside each kernel.
 */
export async function checkpointTensors(model: Model): Promise<Map<string, TensorData>> {
  const file = new Map<string, TensorData>();
  for (const [name, { shape, data }] of Object.entries({ ...(await toPlain(model.params)), ...(await toPlain(model.buffers)) })) {
    const [h = 1, w = 1, i = 1, o = 1] = shape;
    if (shape.length === 4) file.set(name, float32([o, i, h, w], toOihw(data, h * w, i, o)));
    else file.set(name, float32(shape, data));
  }
  return file;
}

/** [height · width, in, out] → [out, in, height · width] */
function toOihw(hwio: Float32Array, area: number, inputs: number, outputs: number): Float32Array {
  const oihw = new Float32Array(hwio.length);
  for (let p = 0; p < area; p++)
    for (let i = 0; i < inputs; i++)
      for (let o = 0; o < outputs; o++) oihw[(o * inputs + i) * area + p] = hwio[(p * inputs + i) * outputs + o] ?? 0;
  return oihw;
}
