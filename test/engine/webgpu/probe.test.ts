import assert from 'node:assert/strict';
import { describeAdapter, tryDawn, type AdapterInfo } from '../../../src/engine/webgpu/probe';

/** A package that does nothing but run this code when it is imported. */
const dawnOf = (code: string) => ({ url: `data:text/javascript,${encodeURIComponent(code)}`, version: '0.0.0' });

describe('an adapter', () => {
  const software: Record<string, AdapterInfo> = {
    'SwiftShader by its name': { vendor: 'google', architecture: 'swiftshader', description: 'SwiftShader driver 5.0.0' },
    "Mesa's llvmpipe": { vendor: 'mesa', device: 'llvmpipe (LLVM 15.0.6, 256 bits)', description: 'Mesa 22.3.6' },
    "Windows' WARP": { vendor: 'microsoft', architecture: 'warp', device: '', description: 'Microsoft Basic Render Driver' },
    'one that is marked a fallback': { vendor: 'somebody', isFallbackAdapter: true },
  };
  for (const [name, info] of Object.entries(software))
    it(`is software: ${name}`, () => assert.equal(describeAdapter(info).isSoftware, true));

  const hardware: AdapterInfo[] = [
    { vendor: 'nvidia', architecture: 'ampere', device: 'nvidia a100', description: 'NVIDIA: 535.129.03', isFallbackAdapter: false },
    { vendor: 'intel', architecture: 'gen-12lp', device: '', description: 'Intel open-source Mesa driver: Mesa 23.2.1' },
    { vendor: 'apple', architecture: 'metal-3', device: '', description: '' },
    {},
  ];
  it('is hardware where nothing says otherwise, and has a name', () => {
    assert.deepEqual(hardware.map(describeAdapter), [
      { name: 'nvidia a100', driver: 'NVIDIA: 535.129.03', isSoftware: false },
      { name: 'intel gen-12lp', driver: 'Intel open-source Mesa driver: Mesa 23.2.1', isSoftware: false },
      { name: 'apple metal-3', driver: 'unknown', isSoftware: false },
      { name: 'a GPU without a name', driver: 'unknown', isSoftware: false },
    ]);
  });
});

describe('trying a graphics driver', () => {
  const failures = {
    'that crashes': ['process.abort()', /crashed or took too long/],
    'that hangs': ['setInterval(() => {}, 1e6); await new Promise(() => {});', /crashed or took too long/],
    'that refuses': ['throw new Error("no such device")', /no such device/],
    'that prints and gives nothing': ['console.log("a banner"); process.exit(0)', /crashed or took too long/],
  } as const;
  for (const [name, [code, cause]] of Object.entries(failures))
    it(`${name} gives a reason and harms nobody`, async () => {
      const found = await tryDawn(dawnOf(code), 2000);
      assert.ok(!found.ok && !found.expected);
      assert.match(found.reason, /^the graphics driver failed when it was tried: /);
      assert.match(found.reason, cause);
      assert.doesNotMatch(found.reason, /\n/);
    });

  it('passes over a GPU that returns other numbers than it was given', async () => {
    const lies = `
      const buffer = { mapAsync: async () => {}, getMappedRange: () => new Float32Array([0, 0, 0, 0]).buffer };
      const device = { createBuffer: () => buffer, queue: { writeBuffer() {} } };
      export const create = () => ({ requestAdapter: async () => ({ requestDevice: async () => device, info: {} }) });
      export const globals = { GPUBufferUsage: {}, GPUMapMode: {} };`;
    const found = await tryDawn(dawnOf(lies), 5000);
    assert.match(found.ok ? '' : found.reason, /other numbers/);
  });

  it('says that there is no GPU where there is none, which is nothing amiss', async () => {
    const none = 'export const create = () => ({ requestAdapter: async () => null }); export const globals = {};';
    const found = await tryDawn(dawnOf(none), 5000);
    assert.ok(!found.ok && found.expected);
    assert.match(found.reason, /no GPU/);
  });
});
