import assert from 'node:assert/strict';
import type { EngineName } from '../../src/protocol/words';
import { engineError, LabError } from '../../src/protocol/errors';
import { chooseEngine } from '../../src/engine/choose';
import { describeEngines } from '../../src/engine/describe';
import type { Engine } from '../../src/engine/engine';
import { ENGINE_REGISTRY, type EngineEntry, type Probe } from '../../src/engine/registry';

const fakeEngine = (name: EngineName): Engine => ({
  info: { engine: name, reason: 'a fake', versions: {}, device: 'CPU', threads: 1 },
  compile: (_, step) => step,
  releaseUnused: () => undefined,
  dispose: () => undefined,
});

const entry = (name: EngineName, probe: Probe, load: () => Engine = () => fakeEngine(name)): EngineEntry => ({
  name,
  probe: () => Promise.resolve(probe),
  load: () => Promise.resolve().then(load),
});

const present: Probe = { ok: true, detail: 'here' };
const absent: Probe = { ok: false, reason: 'not installed' };
const broken = (): Engine => {
  throw engineError('Its library is damaged. Install it again.');
};

describe('choosing an engine', () => {
  it('takes the first that is there', async () => {
    const { engine, skipped } = await chooseEngine('auto', { registry: [entry('native', present), entry('wasm', present)] });
    assert.deepEqual([engine.info.engine, skipped], ['native', []]);
  });

  it('passes over what is absent or does not load, and says why', async () => {
    const { engine, skipped } = await chooseEngine('auto', {
      registry: [entry('native', present, broken), entry('cpu', absent), entry('wasm', present)],
    });
    assert.equal(engine.info.engine, 'wasm');
    assert.deepEqual(skipped, [
      { name: 'native', reason: 'Its library is damaged. Install it again.' },
      { name: 'cpu', reason: 'not installed' },
    ]);
  });

  it('never takes a test engine by itself, but by name', async () => {
    const registry: EngineEntry[] = [{ ...entry('cpu', present), testOnly: true }];
    await assert.rejects(chooseEngine('auto', { registry }), LabError);
    assert.equal((await chooseEngine('cpu', { registry })).engine.info.engine, 'cpu');
  });

  it('does not replace an engine that was asked for by name', async () => {
    const registry = [entry('native', absent, broken), entry('wasm', present)];
    await assert.rejects(chooseEngine('native', { registry }), { code: 'engine-unavailable', exitCode: 4, message: /damaged/ });
    const odd = [
      entry('native', present, () => {
        throw new TypeError('odd');
      }),
    ];
    await assert.rejects(chooseEngine('native', { registry: odd }), { code: 'engine-unavailable', message: /native.*odd.*--engine/ });
  });

  it('names every reason where nothing loads', async () => {
    await assert.rejects(chooseEngine('auto', { registry: [entry('native', absent), entry('wasm', present, broken)] }), {
      code: 'engine-unavailable',
      message: /native: not installed; wasm: Its library is damaged/,
    });
  });

  it('prefers what runs on a GPU, asks no further than it must, and keeps the order else', async () => {
    const asked: EngineName[] = [];
    const asking = (name: EngineName, probe: Probe): EngineEntry => ({
      ...entry(name, probe),
      probe: () => Promise.resolve(probe).finally(() => asked.push(name)),
    });
    const onGpu: Probe = { ok: true, detail: 'here', onGpu: true };
    const chosen = async (native: Probe, webgpu: Probe) => {
      asked.length = 0;
      const registry = [asking('native', native), asking('webgpu', webgpu), asking('wasm', present)];
      return (await chooseEngine('auto', { registry })).engine.info.engine;
    };
    assert.equal(await chosen(onGpu, onGpu), 'native');
    assert.deepEqual(asked, ['native']);
    assert.equal(await chosen(present, onGpu), 'webgpu');
    assert.equal(await chosen(present, absent), 'native');
    assert.equal(await chosen(absent, onGpu), 'webgpu');
    assert.equal(await chosen(absent, absent), 'wasm');
  });

  it('does not report an engine as passed over that nobody would expect here, but names it where nothing loads', async () => {
    const noGpu: Probe = { ok: false, reason: 'no GPU', expected: true };
    const { skipped } = await chooseEngine('auto', { registry: [entry('webgpu', noGpu), entry('wasm', present)] });
    assert.deepEqual(skipped, []);
    await assert.rejects(chooseEngine('auto', { registry: [entry('webgpu', noGpu)] }), { message: /webgpu: no GPU/ });
  });

  it('has native, webgpu and wasm in the registry itself, in this order, and cpu as a test engine', () => {
    assert.deepEqual(
      ENGINE_REGISTRY.map(({ name, testOnly }) => [name, testOnly ?? false]),
      [
        ['native', false],
        ['webgpu', false],
        ['wasm', false],
        ['cpu', true],
      ],
    );
  });
});

describe('describing the engines', () => {
  it('marks the one that would run, and keeps the reasons of the others', async () => {
    const registry = [entry('native', absent), entry('wasm', present), { ...entry('cpu', present), testOnly: true as const }];
    const descriptions = await describeEngines({ registry, measure: false });
    assert.deepEqual(
      descriptions.map(({ name, chosen, available, reason }) => [name, chosen, available, reason]),
      [
        ['native', false, false, 'not installed'],
        ['wasm', true, true, 'a fake'],
      ],
    );
  });

  it('goes on where an engine does not load', async () => {
    const descriptions = await describeEngines({ registry: [entry('native', present, broken), entry('wasm', present)], measure: false });
    assert.deepEqual(
      descriptions.map(({ chosen, available }) => [chosen, available]),
      [
        [false, false],
        [true, true],
      ],
    );
  });
});
