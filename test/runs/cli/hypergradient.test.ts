import assert from 'node:assert/strict';
import { chmodSync, linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toErrorInfo } from '../../../src/protocol/errors';
import { float32, int32, type TensorData } from '../../../src/store/dtypes';
import { encodeSafetensors } from '../../../src/store/encodeSafetensors';
import { readSafetensors } from '../../../src/store/readSafetensors';
import { hypergradientCommand } from '../../../src/trainer/commands/hypergradient';
import { relativeError } from '../../learning/fixture';
import { temporaryFolders } from '../../store/support/temporaryFolder';
import { runCli } from './support/runCli';

const FIXTURES = join(__dirname, '../../fixtures/hypergradient');
const fixture = (name: string) => join(FIXTURES, `${name}.in.safetensors`);

type Contents = { tensors: Map<string, TensorData>; metadata: Record<string, string> };
type Change = (contents: Contents) => void;

const setMeta =
  (key: string, value: string | null): Change =>
  ({ metadata }) => {
    if (value === null) delete metadata[key];
    else metadata[key] = value;
  };
const setTensor =
  (name: string, tensor: TensorData | null): Change =>
  ({ tensors }) => {
    if (tensor === null) tensors.delete(name);
    else tensors.set(name, tensor);
  };
/** Changes one number of a float32 tensor. */
const poke =
  (name: string, value: number): Change =>
  ({ tensors }) => {
    const { shape, data } = tensors.get(name) as TensorData & { dtype: 'F32' };
    const copy = Float32Array.from(data);
    copy[3] = value;
    tensors.set(name, float32(shape, copy));
  };
const labels = (...values: number[]) => int32([values.length], Int32Array.from(values));

/** The fixture has 6 exemplars and 8 images of 12×12×3, and 4 classes. */
const WRONG: [title: string, change: Change, code: 2 | 3, message: RegExp][] = [
  ['no network', setMeta('network', null), 2, /has no metadata "network"; write it as one of resnet8, .*resnet32/],
  ['an unknown network', setMeta('network', 'vgg16'), 2, /has the metadata "network" as "vgg16"; write it as one of resnet8/],
  ['an unknown activation', setMeta('activation', 'gelu'), 2, /"activation" as "gelu"; write it as one of relu, squareplus/],
  ['an unknown batch norm', setMeta('innerBatchNorm', 'none'), 2, /"innerBatchNorm" as "none"; write it as one of frozen, batch/],
  ['an unknown mode', setMeta('hypergradientMode', 'second'), 2, /"hypergradientMode" as "second"; write it as one of exact, last-layer/],
  ['a negative K', setMeta('innerSteps', '-1'), 2, /"innerSteps" as "-1"; write it as an integer from 0 to 1000/],
  ['a K that is no integer', setMeta('innerSteps', '1.5'), 2, /"innerSteps" as "1.5"/],
  ['a K that is no number', setMeta('innerSteps', 'five'), 2, /"innerSteps" as "five"/],
  ['an empty K', setMeta('innerSteps', ''), 2, /"innerSteps" as ""/],
  [
    'a rate that is not finite',
    setMeta('innerLearningRate', 'Infinity'),
    2,
    /"innerLearningRate" as "Infinity"; write it as a number from 0/,
  ],
  ['a negative rate', setMeta('innerLearningRate', '-0.1'), 2, /"innerLearningRate" as "-0.1"/],
  ['no classes', setMeta('classes', '0'), 2, /"classes" as "0"; write it as an integer from 1/],
  [
    'classes that are not those of the weights',
    setMeta('classes', '5'),
    3,
    /"model\/fc\.weight" has the shape \[4, 64\]; give it .*\[5, 64\]/,
  ],
  [
    "another network's weights",
    setMeta('network', 'resnet14'),
    3,
    /it has no tensor "model\/layer1\.1\.conv1\.weight"; add it, of shape \[16/,
  ],
  ['a weight too few', setTensor('model/bn1.running_var', null), 3, /it has no tensor "model\/bn1\.running_var"; add it, of shape \[16\]/],
  ['no exemplars', setTensor('exemplars', null), 3, /it has no tensor "exemplars"; add it, of shape \[m, H, W, C\]/],
  [
    'a tensor too many',
    setTensor('model/fc.sigma', float32([1], Float32Array.of(1))),
    3,
    /"model\/fc\.sigma" has no place in this problem/,
  ],
  ['a bias of the wrong length', setTensor('model/fc.bias', float32([5], new Float32Array(5))), 3, /"model\/fc\.bias" has the shape \[5\]/],
  [
    'exemplars without a channel axis',
    setTensor('exemplars', float32([6, 12, 12], new Float32Array(864))),
    3,
    /\[6, 12, 12\]; give it .*H, W, C/,
  ],
  ['no exemplar', setTensor('exemplars', float32([0, 12, 12, 3], new Float32Array())), 3, /"exemplars" has the shape \[0, 12, 12, 3\]/],
  [
    'data of another size',
    setTensor('data', float32([1, 9, 12, 3], new Float32Array(324))),
    3,
    /"data" has .*\[1, 9, 12, 3\]; give it .*\[n, 12, 12, 3\]/,
  ],
  [
    'weights that are not numbers',
    poke('model/layer1.0.conv1.weight', NaN),
    3,
    /"model\/layer1\.0\.conv1\.weight" holds NaN at position 3/,
  ],
  ['pixels that are not finite', poke('data', Infinity), 3, /"data" holds Infinity at position 3; replace what is not a finite/],
  ['a negative variance', poke('model/bn1.running_var', -1), 3, /"model\/bn1\.running_var" holds a negative variance/],
  [
    'a label beyond the classes',
    setTensor('data_labels', labels(0, 1, 2, 3, 4, 0, 0, 0)),
    3,
    /"data_labels" holds the label 4 at position 4; .*0 to 3/,
  ],
  ['a negative label', setTensor('exemplar_labels', labels(0, 1, 2, 3, 0, -1)), 3, /"exemplar_labels" holds the label -1 at position 5/],
  ['a label too few', setTensor('exemplar_labels', labels(0, 1)), 3, /"exemplar_labels" has the shape \[2\]; give it the shape \[6\]/],
  [
    'labels as floats',
    setTensor('exemplar_labels', float32([6], new Float32Array(6))),
    3,
    /"exemplar_labels" is F32; store labels as int32/,
  ],
  [
    'weights as doubles',
    setTensor('model/fc.bias', { dtype: 'F64', shape: [4], data: new Float64Array(4) }),
    3,
    /"model\/fc\.bias" is F64; store it as float32/,
  ],
  ['an inner loop that diverges', setMeta('innerLearningRate', '10000'), 2, /diverges: .*lower the metadata "innerLearningRate"/],
];

describe('The command hypergradient', function () {
  this.timeout(60_000);
  const folder = temporaryFolders();

  const call = async (cwd: string, args: string[], engine = 'wasm') => {
    let stdout = '';
    const io = { stdout: { write: (text: string) => (stdout += text) }, stderr: { write: () => assert.fail() }, env: {}, cwd };
    try {
      return { code: await hypergradientCommand.execute({ engine }, args, io), stdout, message: '' };
    } catch (error) {
      const { exitCode: code, message } = toErrorInfo(error);
      return { code, stdout, message };
    }
  };
  /** Writes a changed fixture as in.safetensors. */
  const changed = async (change: Change, name = 'squareplus-frozen') => {
    const dir = folder();
    const { tensors, metadata } = await readSafetensors(fixture(name));
    const contents = { tensors: new Map(tensors), metadata: { ...metadata } };
    change(contents);
    writeFileSync(join(dir, 'in.safetensors'), Buffer.concat(encodeSafetensors(contents.tensors, contents.metadata)));
    return dir;
  };
  const refused = async (dir: string, args: string[], code: number, message: RegExp, engine?: string) => {
    const before = readdirSync(dir, { recursive: true });
    const end = await call(dir, args, engine);
    assert.match(end.message, message);
    assert.match(end.message, /^[^\n]+\.$/);
    assert.deepEqual([end.code, end.stdout, readdirSync(dir, { recursive: true })], [code, '', before]);
  };

  for (const [title, change, code, message] of WRONG)
    it(`refuses ${title} with exit code ${code}, and writes nothing`, async () => {
      const dir = await changed(change);
      await refused(dir, ['in.safetensors', 'out.safetensors'], code, message);
      await refused(dir, ['in.safetensors', 'out.safetensors'], code, /in\.safetensors/);
    });

  it('refuses a file that is missing or damaged with exit code 3', async () => {
    const dir = folder();
    await refused(dir, ['in.safetensors', 'out'], 3, /in\.safetensors can't be read: it isn't there/);
    const whole = readFileSync(fixture('relu-frozen'));
    writeFileSync(join(dir, 'cut'), whole.subarray(0, whole.length - 7));
    await refused(dir, ['cut', 'out'], 3, /cut can't be read: .* write or download it again/);
    writeFileSync(join(dir, 'text'), 'not a safetensors file');
    await refused(dir, ['text', 'out'], 3, /text can't be read/);
  });

  it('refuses to replace its input, by whatever name', async () => {
    const dir = await changed(() => undefined);
    symlinkSync('in.safetensors', join(dir, 'link'));
    linkSync(join(dir, 'in.safetensors'), join(dir, 'hard'));
    for (const out of ['in.safetensors', './in.safetensors', 'link', 'hard'])
      await refused(dir, ['in.safetensors', out], 2, /is the input itself; name another file/);
  });

  it('refuses a place where nothing can be written, before it computes', async () => {
    const dir = await changed(() => undefined);
    mkdirSync(join(dir, 'sub'));
    await refused(dir, ['in.safetensors', 'sub'], 2, /sub can't be written: it is not a file/);
    await refused(dir, ['in.safetensors', 'in.safetensors/out'], 2, /in\.safetensors is not a folder/);
    if (process.getuid?.() === 0) return;
    chmodSync(join(dir, 'sub'), 0o500);
    await refused(dir, ['in.safetensors', 'sub/out'], 2, /out can't be written: access/);
  });

  it('tells a disk that refuses the result as an error of the call', async () => {
    const dir = await changed(setMeta('innerSteps', '0'));
    await refused(dir, ['in.safetensors', '/proc/out.safetensors'], 2, /\/proc\/out\.safetensors can't be written/);
  });

  it('refuses an engine that is not known', async () => {
    await refused(
      await changed(() => undefined),
      ['in.safetensors', 'out'],
      2,
      /knows no engine "cuda"; use one of auto, native, webgpu, wasm/,
      'cuda',
    );
  });

  it("writes what PyTorch has, takes PyTorch's int64 labels and counters, and makes the folder", async () => {
    const dir = await changed((contents) => {
      for (const name of ['exemplar_labels', 'data_labels']) {
        const { shape, data } = contents.tensors.get(name) as TensorData & { dtype: 'I32' };
        setTensor(name, { dtype: 'I64', shape, data: BigInt64Array.from(data, BigInt) })(contents);
      }
      setTensor('model/bn1.num_batches_tracked', { dtype: 'I64', shape: [], data: BigInt64Array.of(15n) })(contents);
      setMeta('hypergradientMode', null)(contents);
      setMeta('format', 'pt')(contents);
    }, 'squareplus-batch');
    const end = await call(dir, ['in.safetensors', 'new/out.safetensors']);
    assert.deepEqual([end.code, end.message], [0, '']);
    assert.match(end.stdout, /^exact gradient through 4 inner steps on wasm: norm [\d.e-]+, loss [\d.]+, in new\/out\.safetensors\n$/);
    const { tensors } = await readSafetensors(join(dir, 'new', 'out.safetensors'));
    const expected = await readSafetensors(join(FIXTURES, 'squareplus-batch.expected.safetensors'));
    assert.deepEqual(
      [...tensors].map(([name, { dtype, shape }]) => [name, dtype, shape]),
      [
        ['gradient', 'F32', [6, 9, 12, 3]],
        ['loss', 'F32', []],
      ],
    );
    for (const [name, { data }] of tensors)
      assert.ok(relativeError(data as Float32Array, expected.tensors.get(name)?.data as Float32Array) <= 1e-4, name);
    assert.deepEqual(readdirSync(join(dir, 'new')), ['out.safetensors']);
  });

  it('gives zeros for K = 0, with the loss of the given weights', async () => {
    const dir = await changed(setMeta('innerSteps', '0'));
    assert.equal((await call(dir, ['in.safetensors', 'out'])).code, 0);
    const { tensors } = await readSafetensors(join(dir, 'out'));
    assert.ok((tensors.get('gradient')?.data as Float32Array).every((value) => value === 0));
    assert.ok((tensors.get('loss')?.data[0] as number) > 0);
  });

  it('is one process with one sentence on standard error where it fails', async () => {
    const dir = await changed(setMeta('innerSteps', '-1'));
    const end = await runCli(['hypergradient', 'in.safetensors', 'out.safetensors', '--engine', 'wasm'], dir);
    assert.deepEqual([end.code, end.stdout], [2, '']);
    assert.match(end.stderr, /^mnemonics: [^\n]*"innerSteps"[^\n]*\.\n$/);
  });
});
