import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError } from '../../src/protocol/errors';
import type { RunEvent } from '../../src/protocol/events';
import { parseConfig } from '../../src/protocol/parseConfig';
import { runFileSchema, type RunFile } from '../../src/protocol/runFile';
import { RunControl } from '../../src/trainer/runControl';
import { resumeExperiment, runExperiment } from '../../src/trainer/runExperiment';
import { resultTable } from '../../src/trainer/terminal/resultTable';
import { runCli } from './cli/support/runCli';
import { beganWithSevenThreads, editRunFile } from './support/editRun';
import { TINY } from './support/tiny';

describe('a run that is resumed on another engine', function () {
  this.timeout(120_000);
  const scratch = mkdtempSync(join(tmpdir(), 'mnemonics-engine-'));
  const runDir = join(scratch, 'run');
  const runFile = join(runDir, 'run.json');
  const files = () => [runFile, join(runDir, 'events.jsonl')].map((path) => readFileSync(path, 'utf8'));
  const read = (): RunFile => runFileSchema.parse(JSON.parse(readFileSync(runFile, 'utf8')));
  const write = (patch: Partial<RunFile>): void => editRunFile(runDir, patch);
  after(() => rmSync(scratch, { recursive: true, force: true }));

  /** Stops where the last stage begins. */
  const stopping = () => {
    const control = new RunControl();
    const onEvent = ({ kind, phase, stage }: RunEvent) =>
      void (phase === 1 && stage === 'evaluate' && kind !== 'stage-ended' && control.stop().catch(() => undefined));
    return { runDir, control, onEvent };
  };
  const go = () => ({ runDir, control: new RunControl() });

  before(async () => {
    const config = parseConfig({ ...TINY, exemplarMethod: 'random' });
    assert.equal((await runExperiment({ ...stopping(), config, configDir: scratch })).outcome, 'stopped');
  });

  it('is refused with a sentence that names the difference and the option, and is left as it is', async () => {
    const before = files();
    await assert.rejects(resumeExperiment({ ...go(), engine: 'cpu' }), (error: unknown) => {
      assert.ok(error instanceof LabError);
      assert.deepEqual([error.code, error.exitCode], ['other-engine', 5]);
      assert.match(
        error.message,
        /began with engine wasm.*, here it is cpu.*; resume it where they are the same, or add --allow-different-engine to go on here/,
      );
      return true;
    });
    assert.deepEqual(files(), before);
  });

  it('is refused on other data, whatever is allowed', async () => {
    const { data } = read();
    write({ data: { ...data, sha256: '0'.repeat(64) } });
    await assert.rejects(resumeExperiment({ ...go(), engine: 'cpu', allowDifferentEngine: true }), /is not the one that .* began with/);
    write({ data });
  });

  it('says so from the command line where its engine does not load, or is none', async () => {
    const { engine } = read();
    write({ engine: { ...engine, engine: 'native' } });
    const env = { XDG_CACHE_HOME: join(scratch, 'no-engine') };
    const refused = await runCli(['resume', runDir], scratch, env);
    assert.deepEqual([refused.code, refused.stdout], [4, ''], refused.stderr);
    assert.match(refused.stderr, /To go on with the run in .* on another engine, to other last bits, add --allow-different-engine\.\n$/);
    write({ engine });

    const unknown = await runCli(['resume', runDir, '--engine', 'abacus'], scratch);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /no engine "abacus"/);
  });

  it('that did nothing, because its process was killed before it could log that it goes on, is not told of', async () => {
    const { engine } = read();
    write({ laterEngines: [{ ...engine, engine: 'cpu' }] });
    assert.equal((await resumeExperiment(stopping())).outcome, 'stopped');
    assert.equal(read().laterEngines, undefined);
  });

  it('goes on where that is allowed, notes it, and from then on needs no word for the new one', async () => {
    const here = beganWithSevenThreads(runDir);
    const change = `threads 7 → ${here.threads}`;
    await assert.rejects(resumeExperiment(go()), new RegExp(`began with threads 7, here it is ${here.threads};`));
    assert.equal((await resumeExperiment({ ...stopping(), allowDifferentEngine: true })).outcome, 'stopped');
    const { outcome, view } = await resumeExperiment(go());
    assert.equal(outcome, 'completed');
    assert.deepEqual(view.engineChanges, [change]);
    assert.equal(view.marks.filter(({ text }) => text === `Continued on another engine: ${change}`).length, 1);
    assert.match(resultTable(view, { runDir, report: null }, 200), new RegExp(`Engine .*continued on another engine: ${change}\n`));
    const { engine, laterEngines } = read();
    assert.deepEqual([engine.threads, laterEngines?.map(({ threads }) => threads)], [7, [here.threads]]);
  });
});
