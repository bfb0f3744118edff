import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../src/protocol/parseConfig';
import { RunControl } from '../../src/trainer/runControl';
import { resumeExperiment, runExperiment } from '../../src/trainer/runExperiment';
import { resultsOf } from './support/results';
import { TINY } from './support/tiny';

const INNER_STEPS = 3;
const config = parseConfig({ ...TINY, innerSteps: INNER_STEPS, mnemonicsOldEpochs: 1 });

/** Wishes to stop at the n-th time that a step looks up in its middle. */
class StopsInStep extends RunControl {
  constructor(private left: number) {
    super();
  }

  override stopIsWished(): Promise<boolean> {
    if (--this.left === 0) this.stop().catch(() => undefined);
    return super.stopIsWished();
  }
}

describe('a run that is stopped in the middle of a long step', function () {
  this.timeout(120_000);
  const scratch = mkdtempSync(join(tmpdir(), 'mnemonics-stop-'));
  after(() => rmSync(scratch, { recursive: true, force: true }));

  it('ends before the step does, and has the same bits once it went on: in each half of an update and in the measurement after it', async () => {
    const [whole, broken] = [join(scratch, 'whole'), join(scratch, 'broken')];
    await runExperiment({ config, configDir: scratch, runDir: whole, control: new RunControl() });
    const started = await runExperiment({ config, configDir: scratch, runDir: broken, control: new StopsInStep(1) });
    assert.equal(started.outcome, 'stopped');

    const places: string[] = [];
    let ended = started;
    for (let looks = 2; ended.outcome === 'stopped'; looks += 4) {
      places.push(`${ended.view.marks.length} ${lastPlace(broken)}`);
      ended = await resumeExperiment({ runDir: broken, control: new StopsInStep(looks) });
    }
    assert.deepEqual(resultsOf(broken), resultsOf(whole));
    const stoppedIn = (place: string) => places.some((text) => text.endsWith(place));
    for (const place of ['mnemonics-new 0', 'mnemonics-new end', 'mnemonics-old 0', 'mnemonics-old end'])
      assert.ok(stoppedIn(place), `stopped in ${places.join(', ')}`);
  });
});

/** Stage and step of the log's last line. */
function lastPlace(runDir: string): string {
  const { stage, step } = JSON.parse(readFileSync(join(runDir, 'events.jsonl'), 'utf8').trimEnd().split('\n').at(-1) ?? '') as {
    stage: string;
    step: number;
  };
  return `${stage} ${step === 0 ? 0 : 'end'}`;
}
