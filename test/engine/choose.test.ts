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

  it('prefers native to wasm, and marks cpu as a test engine, in the registry itself', () => {
    assert.deepEqual(
      ENGINE_REGISTRY.map(({ name, testOnly }) => [name, testOnly ?? false]),
      [
        ['native', false],
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
