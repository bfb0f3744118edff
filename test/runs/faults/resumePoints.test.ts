import assert from 'node:assert/strict';
import { copyFileSync, cpSync, existsSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../../src/protocol/events';
import { encodeWithChecksum } from '../../../src/store/checksum';
import { float32 } from '../../../src/store/dtypes';
import { readView } from '../../../src/store/readHistory';
import { readSafetensors } from '../../../src/store/readSafetensors';
import { rejectsWith } from '../../store/support/rejects';
import { resultsOf } from '../support/results';
import { interruptedRun, newPath, resume, start, stoppedRun, wholeRun } from './support/smallRun';

const fileOf = (runDir: string, name: string): string => join(runDir, name);
const bytesOf = (runDir: string, name: string): Buffer => readFileSync(fileOf(runDir, name));
/** Goes on with a run as far as its first event. */
const killedAtOnce = (runDir: string): Promise<void> => {
  const killed = new Error('killed');
  return assert.rejects(
    resume(runDir, () => {
      throw killed;
    }),
    killed,
  );
};

/** Takes lines off the end of a log. */
function loseLines(runDir: string, count: number): void {
  const log = fileOf(runDir, 'events.jsonl');
  const lines = readFileSync(log, 'utf8').split('\n');
  writeFileSync(log, `${lines.slice(0, -1 - count).join('\n')}\n`);
}

describe('The resume point before the newest', function () {
  this.timeout(60_000);

  for (const [title, lose] of [
    ['damaged', (path: string) => truncateSync(path, 1000)],
    ['missing, as after a kill between two renames', (path: string) => rmSync(path)],
  ] as const) {
    it(`takes its place where that is ${title}, before anything else is written: no moment is without a sound one`, async () => {
      const runDir = await interruptedRun();
      const previous = bytesOf(runDir, 'state.previous.safetensors');
      lose(fileOf(runDir, 'state.safetensors'));
      await killedAtOnce(runDir);
      assert.deepEqual(bytesOf(runDir, 'state.safetensors'), previous);
      assert.ok(!existsSync(fileOf(runDir, 'state.previous.safetensors')));
      await resume(runDir);
      assert.deepEqual(resultsOf(runDir), resultsOf(await wholeRun()));
    });
  }
});

describe('A log that has lost its last lines', function () {
  this.timeout(60_000);

  it('of before the newest resume point is refused where it is resumed and where it is read, and nothing is changed', async () => {
    const runDir = await interruptedRun();
    loseLines(runDir, 4);
    const before = bytesOf(runDir, 'events.jsonl');
    await rejectsWith(
      resume(runDir),
      5,
      /events\.jsonl has \d+ events, but had \d+ when the resume point was made, so its last lines are missing/,
    );
    await rejectsWith(readView(runDir), 5, /events\.jsonl is missing or has lost its last lines: .*; restore it from a copy\./);
    assert.deepEqual(bytesOf(runDir, 'events.jsonl'), before);
  });

  it('since the newest resume point, but not since the one before it, goes on from that one once the newest is deleted', async () => {
    const runDir = await interruptedRun();
    const events = async (name: string) =>
      (JSON.parse((await readSafetensors(fileOf(runDir, name))).metadata['details'] ?? '') as { events: number }).events;
    const lines = readFileSync(fileOf(runDir, 'events.jsonl'), 'utf8').trimEnd().split('\n').length;
    const [newest, previous] = [await events('state.safetensors'), await events('state.previous.safetensors')];
    assert.ok(previous < newest, `${previous} and ${newest}`);
    loseLines(runDir, lines - previous);
    await rejectsWith(resume(runDir), 5, /or delete state\.safetensors to go on from the resume point before it\.$/);
    rmSync(fileOf(runDir, 'state.safetensors'));
    await resume(runDir);
    assert.deepEqual(resultsOf(runDir), resultsOf(await wholeRun()));
  });

  it('is not what a damaged resume point says it is', async () => {
    const runDir = await copyOfWhole();
    const state = fileOf(runDir, 'state.safetensors');
    const bytes = readFileSync(state);
    // The first digit of the number of events.
    const at = bytes.indexOf('events\\":') + 'events\\":'.length;
    bytes.write('9', at);
    writeFileSync(state, bytes);
    assert.equal((await readView(runDir))?.state, 'completed');
  });

  it('and is of a run that has ended is refused where it is only read', async () => {
    for (const runDir of [await interruptedRun(), await copyOfWhole()]) {
      rmSync(fileOf(runDir, 'state.safetensors'));
      loseLines(runDir, 1);
      await rejectsWith(
        readView(runDir),
        5,
        /has lost its last lines: run\.json says that the run is (stopped|completed), and the log does not/,
      );
      rmSync(fileOf(runDir, 'events.jsonl'));
      await rejectsWith(readView(runDir), 5, /events\.jsonl is missing or has lost its last lines/);
    }
  });

  it('in mid-run, because it was deleted, is put back', async () => {
    const runDir = newPath();
    await start(runDir, (event: RunEvent) => {
      if (event.kind === 'stage-started' && event.stage === 'distil') rmSync(fileOf(runDir, 'events.jsonl'));
    });
    assert.equal((await readView(runDir))?.state, 'completed');
    assert.deepEqual(resultsOf(runDir), resultsOf(await wholeRun()));
  });

  for (const [title, change] of [
    ['cut', (log: string) => truncateSync(log, 2000)],
    [
      'replaced, as many editors do when they save,',
      (log: string) => {
        copyFileSync(log, `${log}.new`);
        renameSync(`${log}.new`, log);
      },
    ],
  ] as const)
    it(`in mid-run, because it was ${title} ends the run by name`, async () => {
      const runDir = newPath();
      const run = start(runDir, (event: RunEvent) => {
        if (event.kind === 'stage-started' && event.stage === 'distil') change(fileOf(runDir, 'events.jsonl'));
      });
      await rejectsWith(run, 5, /events\.jsonl was replaced or changed by another program while the run was written to it; put it right/);
    });
});

describe('What is sound but not of the run', function () {
  this.timeout(60_000);
  const CASES: [title: string, mix: (runDir: string, other: string) => void, message: RegExp][] = [
    [
      'a resume point',
      (runDir, other) => copyFileSync(fileOf(other, 'state.safetensors'), fileOf(runDir, 'state.safetensors')),
      /state\.safetensors is a resume point of another run \(\d+, begun 20.*\); restore it from a copy, or delete/,
    ],
    [
      'a log',
      (runDir, other) => copyFileSync(fileOf(other, 'events.jsonl'), fileOf(runDir, 'events.jsonl')),
      /events\.jsonl is the log of another run \(\d+, not \d+\); restore the run's own from a copy\./,
    ],
  ];
  for (const [title, mix, message] of CASES)
    it(`is refused: ${title} of another run`, async () => {
      const runDir = await interruptedRun();
      mix(runDir, await stoppedRun());
      await rejectsWith(resume(runDir), 5, message);
    });

  it('is refused: a resume point of an earlier version and another network', async () => {
    const runDir = await interruptedRun();
    const path = fileOf(runDir, 'state.safetensors');
    const { tensors, metadata } = await readSafetensors(path);
    const { run: _run, events: _events, ...details } = JSON.parse(metadata['details'] ?? '') as Record<string, unknown>;
    const without = new Map(tensors);
    without.set('model/fc.weight', float32([2, 7], new Float32Array(14)));
    writeFileSync(path, Buffer.concat(encodeWithChecksum(without, { details: JSON.stringify(details) })));
    await rejectsWith(resume(runDir), 5, /state\.safetensors is a resume point of another experiment: it does not fit/);
    // Such a file of this network is one of before resume points named their run.
    writeFileSync(path, Buffer.concat(encodeWithChecksum(tensors, { details: JSON.stringify(details) })));
    await resume(runDir);
    assert.deepEqual(resultsOf(runDir), resultsOf(await wholeRun()));
  });

  it('but a run whose folder has another name is still the run', async () => {
    const runDir = await interruptedRun();
    const elsewhere = newPath();
    renameSync(runDir, elsewhere);
    assert.equal((await resume(elsewhere)).outcome, 'completed');
  });
});

async function copyOfWhole(): Promise<string> {
  const runDir = newPath();
  cpSync(await wholeRun(), runDir, { recursive: true });
  return runDir;
}
