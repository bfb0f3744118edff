import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig, configProblems } from '../../src/protocol/parseConfig';
import { newerVersion } from '../../src/protocol/schemaVersion';
import { writeFileAtomic } from '../../src/store/atomicFile';
import { float32, int32 } from '../../src/store/dtypes';
import { encodeSafetensors } from '../../src/store/encodeSafetensors';
import { readEvents } from '../../src/store/eventLog';
import { readExemplarFile } from '../../src/store/exemplarFile';
import { readExperiment } from '../../src/store/experimentFile';
import { readEvaluation } from '../../src/store/readEvaluation';
import { readView } from '../../src/store/readHistory';
import { readRunFile } from '../../src/store/readRun';
import { loadResumePoint } from '../../src/trainer/resumePoint';
import { rejectsWith } from './support/rejects';
import { temporaryFolders } from './support/temporaryFolder';

/** What version 1 wrote before any field was added to it; phases 0 and 1, with fewer reports. It must be readable for ever. */
const VERSION_1 = join(__dirname, 'fixtures', 'version-1');

describe('files of another version', () => {
  const folder = temporaryFolders();
  /** A file of the fixture as a later version might write it, in a folder of its own; fields that are not known yet don't hide the version. */
  const later = (name: string, version = 2) => {
    const dir = folder();
    const text = readFileSync(join(VERSION_1, name), 'utf8');
    const changed = text.replaceAll(/"schemaVersion":( ?)1/g, `"schemaVersion":$1${version},"unheardOf":true`);
    return { dir, path: join(dir, name), write: () => writeFileAtomic(join(dir, name), changed) };
  };
  const NEWER = (name: string, version = 2) =>
    new RegExp(`${name}.* was written by a newer Mnemonics Lab \\(schemaVersion ${version}, known here up to 1\\); update`);

  it('of version 1 are read', async () => {
    const run = await readRunFile(VERSION_1);
    const view = await readView(VERSION_1);
    assert.deepEqual([run.schemaVersion, run.status, view?.state], [1, 'completed', 'completed']);
    const { metrics } = await readEvaluation(VERSION_1, 1);
    assert.deepEqual(view?.phases[1]?.evaluation, metrics);
    assert.deepEqual(parseConfig(JSON.parse(JSON.stringify(run.config))), view?.config);
  });

  it('of a newer one are refused by name: run.json, events and evaluations', async () => {
    const run = later('run.json');
    await run.write();
    await rejectsWith(readRunFile(run.dir), 5, NEWER('run\\.json'));
    const events = later('events.jsonl', 17);
    await events.write();
    await rejectsWith(readEvents(events.path), 5, NEWER('Line 1 of .*events\\.jsonl', 17));
    const evaluation = later('phase-01/evaluation.json');
    await evaluation.write();
    await rejectsWith(readEvaluation(evaluation.dir, 1), 5, NEWER('evaluation\\.json'));
  });

  it('of a newer one are refused by name: an event that follows older ones', async () => {
    const path = join(folder(), 'events.jsonl');
    const lines = readFileSync(join(VERSION_1, 'events.jsonl'), 'utf8').split('\n');
    writeFileSync(path, lines.with(4, lines[4]!.replace('"schemaVersion":1', '"schemaVersion":2')).join('\n'));
    await rejectsWith(readEvents(path), 5, NEWER('Line 5 of .*events\\.jsonl'));
  });

  it('of a newer one are refused by name: an experiment file, also in the panel', async () => {
    const path = join(folder(), 'a.mnemonics.json');
    writeFileSync(path, '{"schemaVersion": 2, "phases": 3, // a comment\n "unheardOf": 1}');
    await rejectsWith(readExperiment(path), 2, NEWER('a\\.mnemonics\\.json'));
    assert.match(configProblems({ schemaVersion: 2 })[0]?.message ?? '', /newer Mnemonics Lab \(schemaVersion 2/);
    writeFileSync(path, '{"schemaVersion": 0}');
    await rejectsWith(readExperiment(path), 2, /"schemaVersion" must be 1 \(it is 0\)/);
  });

  it('of a newer one are refused by name: exemplars', async () => {
    const path = join(folder(), 'exemplars.safetensors');
    const pixels = float32([1, 1, 1, 1], new Float32Array(1));
    const tensors = new Map([
      ['before', pixels],
      ['after', pixels],
      ['classes', int32([1], new Int32Array(1))],
    ]);
    await writeFileAtomic(path, encodeSafetensors(tensors, { schemaVersion: '2', mean: 'something else by then' }));
    await rejectsWith(readExemplarFile(path), 5, NEWER('exemplars\\.safetensors'));
    await writeFileAtomic(path, encodeSafetensors(tensors, { schemaVersion: '1' }));
    assert.equal((await readExemplarFile(path)).classes.length, 1);
  });

  it('of a newer one are refused by name: a resume point', async () => {
    const dir = folder();
    const details = JSON.stringify({ schemaVersion: 2, where: 'said otherwise' });
    await writeFileAtomic(join(dir, 'state.safetensors'), encodeSafetensors(new Map(), { details }));
    await rejectsWith(loadResumePoint(dir, { height: 1, width: 1, channels: 1 }), 5, NEWER('state\\.safetensors'));
  });

  it('are told from what has no version', () => {
    for (const value of [
      null,
      undefined,
      2,
      '2',
      [],
      {},
      { schemaVersion: 1 },
      { schemaVersion: '1' },
      { schemaVersion: 'two' },
      { schemaVersion: NaN },
    ])
      assert.equal(newerVersion(value), null);
  });
});
