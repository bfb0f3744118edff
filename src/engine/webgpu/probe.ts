import { toErrorInfo } from '../../protocol/errors';
import { runProgram } from '../runProgram';
import { findDawn, howToGetDawn, type InstalledDawn } from './dawn';

/** A GPU as its driver describes itself (WebGPU's GPUAdapterInfo). */
export interface Adapter {
  readonly name: string;
  /** Driver and its version. */
  readonly driver: string;
  /** True for one that computes on the CPU, as SwiftShader and llvmpipe do. */
  readonly isSoftware: boolean;
}

export type Finding =
  | { readonly ok: true; readonly adapter: Adapter; readonly dawn: InstalledDawn }
  /** `expected` where nothing is amiss: the machine has no GPU, or the package was never installed. */
  | { readonly ok: false; readonly reason: string; readonly expected: boolean };

/** How long a driver may take to start and to copy sixteen bytes. */
const PATIENCE_MS = 10_000;

/**
 * Looks for an adapter that computes. In a process of its own, for a broken driver crashes or prints on standard error; its start is
 * what this costs, 0.2 s. Asked once for a process.
 */
export function findAdapter(): Promise<Finding> {
  return (finding ??= look());
}

let finding: Promise<Finding> | undefined;

async function look(): Promise<Finding> {
  try {
    const dawn = findDawn();
    if (!dawn) return { ok: false, expected: true, reason: `the package webgpu is not here; ${howToGetDawn()}` };
    return await tryDawn(dawn);
  } catch (error) {
    return { ok: false, expected: false, reason: toErrorInfo(error).message };
  }
}

/** Writes four numbers to the GPU and reads them back: an adapter may be listed and still not work. */
const TRY = `import(process.argv[1]).then(async ({ create, globals }) => {
  const gpu = create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter) {
    const device = await adapter.requestDevice();
    const { COPY_DST, MAP_READ } = globals.GPUBufferUsage;
    const buffer = device.createBuffer({ size: 16, usage: COPY_DST | MAP_READ });
    device.queue.writeBuffer(buffer, 0, new Float32Array([1, 2, 3, 4]));
    await buffer.mapAsync(globals.GPUMapMode.READ);
    if (new Float32Array(buffer.getMappedRange()).join() !== '1,2,3,4') throw new Error('it returns other numbers than it was given');
  }
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter?.info ?? {};
  console.log(JSON.stringify({ found: !!adapter, vendor, architecture, device, description, isFallbackAdapter }));
  process.exit(0);
}).catch((error) => { console.error(error.message); process.exit(1); });`;

/** Tries a package in a process of its own. */
export async function tryDawn(dawn: InstalledDawn, timeoutMs = PATIENCE_MS): Promise<Finding> {
  // In VS Code the executable is Electron.
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const { code, stdout, stderr } = await runProgram(process.execPath, ['-e', TRY, dawn.url], { env, timeoutMs });
  const line = stdout.trim().split('\n').at(-1) ?? '';
  if (code !== 0 || !line.startsWith('{')) {
    // What fails in an orderly way says so in its last line; a crash leaves a stack trace there.
    const cause = code === 1 ? stderr.trim().split('\n').at(-1) : 'it crashed or took too long';
    return { ok: false, expected: false, reason: `the graphics driver failed when it was tried: ${cause}` };
  }
  const info = JSON.parse(line) as AdapterInfo & { readonly found: boolean };
  if (!info.found) return { ok: false, expected: true, reason: 'no GPU with a driver for Vulkan, Metal or Direct3D 12 was found' };
  return { ok: true, adapter: describeAdapter(info), dawn };
}

export type AdapterInfo = Partial<Record<'vendor' | 'architecture' | 'device' | 'description', string>> & {
  readonly isFallbackAdapter?: boolean;
};

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b|software/i;

/** Names an adapter from what its driver says, which may be empty in any place. */
export function describeAdapter({ vendor, architecture, device, description, isFallbackAdapter }: AdapterInfo): Adapter {
  const words = [vendor, architecture, device, description].filter(Boolean).join(' ');
  return {
    name: device || [vendor, architecture].filter(Boolean).join(' ') || 'a GPU without a name',
    driver: description || 'unknown',
    isSoftware: isFallbackAdapter === true || SOFTWARE.test(words),
  };
}
