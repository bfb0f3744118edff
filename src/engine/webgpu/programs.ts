import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { webgpu_util, type WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

type Program = Parameters<WebGPUBackend['runWebGPUProgram']>[0];

/**
 * A shader in tfjs's dialect of WGSL that computes one element of its output for each invocation. `inputs` names its tensors, which
 * it reads by getX(…) for an input x; `uniforms` are numbers, i32 each; `body` sees `index`, the element's flat index, and the
 * uniforms as `uniforms.name`.
 */
export interface Shader {
  /** Also the key by which the compiled shader is kept: another body needs another name. */
  readonly name: string;
  readonly inputs: readonly string[];
  readonly uniforms: readonly string[];
  readonly body: string;
}

/** Runs a shader. The output is float32 and tracked by tfjs's tidy. */
export function runShader(
  backend: WebGPUBackend,
  { name, inputs: names, uniforms, body }: Shader,
  inputs: TensorInfo[],
  outputShape: number[],
  numbers: Readonly<Record<string, number>>,
): Tensor {
  const dispatchLayout = webgpu_util.flatDispatchLayout(outputShape);
  const workgroupSize: Program['workgroupSize'] = [64, 1, 1];
  const program: Program = {
    variableNames: [...names],
    outputShape,
    dispatchLayout,
    dispatch: webgpu_util.computeDispatch(dispatchLayout, outputShape, workgroupSize),
    workgroupSize,
    size: true,
    shaderKey: name,
    uniforms: uniforms.map((uniform) => `${uniform} : i32,`).join(' '),
    getUserCode: () => `fn main(index : i32) { if (index < uniforms.size) { ${body} } }`,
  };
  const data = uniforms.map((uniform) => ({ type: 'int32', data: [numbers[uniform] ?? 0] }));
  return tf.engine().makeTensorFromTensorInfo(backend.runWebGPUProgram(program, inputs, 'float32', data));
}
