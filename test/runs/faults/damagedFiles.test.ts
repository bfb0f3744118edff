import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEvents } from '../../../src/store/eventLog';
import { writeReport } from '../../../src/store/report';
import { rejectsWith } from '../../store/support/rejects';
import { runCli } from '../cli/support/runCli';
import { interruptedRun, newPath, resume, wholeRun } from './support/smallRun';
import { cutTo, flipBit } from '../support/damage';
import { resultsOf } from '../support/results';

const edit = (path: string, from: string | RegExp, to: string): void => {
  const text = readFileSync(path, 'utf8');
  const changed = text.replace(from, to);
  assert.notEqual(changed, text);
  writeFileSync(path, changed);
};

describe('A damaged run folder', function () {
  this.timeout(60_000);

  it('with one flipped bit in its resume point, and a torn last event, goes on from the one before, says so, and ends with the same bits', async () => {
    const runDir = await interruptedRun();
    flipBit(join(runDir, 'state.safetensors'), -1000);
    const log = join(runDir, 'events.jsonl');
    truncateSync(log, readFileSync(log).length - 20);
    const notices: string[] = [];
    const { outcome, view } = await resume(runDir, undefined, (text) => notices.push(text));
    assert.equal(outcome, 'completed');
    const [warning] = view.marks.filter(({ kind }) => kind === 'warning');
    assert.match(warning?.text ?? '', /events\.jsonl .* has lost its last lines: run\.json says that the run is stopped.* goes on from/);
    assert.equal((await readEvents(log)).at(-1)?.kind, 'run-ended');
    assert.match(notices.join(), /goes on from the resume point before the newest: .*state\.safetensors is damaged/);
    assert.deepEqual(resultsOf(runDir), resultsOf(await wholeRun()));
  });

  it('without a sound resume point is refused in a sentence by exit code 5; without the damaged one it begins anew, with the same bits', async () => {
    const runDir = await interruptedRun();
    const [newest, previous] = ['state', 'state.previous'].map((name) => join(runDir, `${name}.safetensors`)) as [string, string];
    cutTo(newest, 0.5);
    rmSync(previous);
    const { code, stderr, stdout } = await runCli(['resume', runDir], newPath().replace(/\d+$/, ''));
    assert.deepEqual([code, stdout], [5, '']);
    assert.match(
      stderr,
      /^mnemonics: The run can't go on from [^\n]*state\.safetensors[^\n]*delete the folder's state\*\.safetensors to begin anew[^\n]*\n$/m,
    );
    rmSync(newest);
    await resume(runDir);
    assert.deepEqual(resultsOf(runDir), resultsOf(await wholeRun()));
  });

  it('with damaged files of a phase that has ended warns of each and trains on, since no step needs them', async () => {
    const runDir = await interruptedRun();
    const [model, exemplars, evaluation] = ['model.safetensors', 'exemplars.safetensors', 'evaluation.json'].map((name) =>
      join(runDir, 'phase-00', name),
    ) as [string, string, string];
    cutTo(model, 0.9);
    flipBit(exemplars, -1);
    edit(evaluation, /"testImages": \d/, '"testImages": 9');
    const { view } = await resume(runDir);
    const warnings = view.marks.filter(({ kind }) => kind === 'warning').map(({ text }) => text);
    for (const path of [model, exemplars, evaluation])
      assert.equal(warnings.filter((text) => text.startsWith(path) && /damaged|can't be read/.test(text)).length, 1, warnings.join('\n'));
    const { notices } = await writeReport([runDir], join(runDir, 'report.html'), { js: '', css: '' });
    assert.match(notices.join(), /exemplars\.safetensors is damaged/);
    const { 'phase-01/model.safetensors': weights, 'phase-01/exemplars.safetensors': images } = resultsOf(await wholeRun());
    const after = resultsOf(runDir);
    assert.deepEqual([after['phase-01/model.safetensors'], after['phase-01/exemplars.safetensors']], [weights, images]);
  });

  it("with files of another phase in a phase's folder warns of each, and a report leaves them out", async () => {
    const runDir = await interruptedRun();
    const names = ['model.safetensors', 'exemplars.safetensors', 'evaluation.json'];
    for (const name of names) copyFileSync(join(await wholeRun(), 'phase-01', name), join(runDir, 'phase-00', name));
    const { view } = await resume(runDir);
    const warnings = view.marks.filter(({ kind }) => kind === 'warning').map(({ text }) => text);
    for (const name of names)
      assert.ok(
        warnings.includes(`${join(runDir, 'phase-00', name)} is the file of phase 1, not of phase 0; restore it from a copy.`),
        warnings.join('\n'),
      );
    const { notices } = await writeReport([runDir], join(runDir, 'report.html'), { js: '', css: '' });
    assert.match(notices.join(), /exemplars\.safetensors is the file of phase 1/);
  });

  const REFUSED: [title: string, damage: (runDir: string) => void, message: RegExp][] = [
    ['a cut run.json', (dir) => cutTo(join(dir, 'run.json'), 0.7), /run\.json can't be used: it is not JSON/],
    ['an empty run.json', (dir) => cutTo(join(dir, 'run.json'), 0), /run\.json can't be used/],
    [
      'a changed digit of λ in run.json',
      (dir) => edit(join(dir, 'run.json'), '"lambda": 0.5', '"lambda": 0.4'),
      /run\.json is damaged: its content does not have the checksum/,
    ],
    [
      'a changed digit of the seed in the log',
      (dir) => edit(join(dir, 'events.jsonl'), /"seed":\d/, '"seed":9'),
      /Line 1 of .*events\.jsonl can't be used: it, or one before it, is not as it was written/,
    ],
    [
      'a flipped bit in the middle of the log',
      (dir) => edit(join(dir, 'events.jsonl'), '"kind":"phase-started"', '"kind":"phaqe-started"'),
      /Line \d+ of .*events\.jsonl/,
    ],
    [
      'an empty log',
      (dir) => cutTo(join(dir, 'events.jsonl'), 0),
      /events\.jsonl has 0 events, but had \d+ when the resume point was made/,
    ],
  ];
  for (const [title, damage, message] of REFUSED) {
    it(`with ${title} is refused by a sentence, and goes on once that file is restored`, async () => {
      const runDir = await interruptedRun();
      const sound = ['run.json', 'events.jsonl'].map((name) => [join(runDir, name), readFileSync(join(runDir, name))] as const);
      damage(runDir);
      await rejectsWith(resume(runDir), 5, message);
      for (const [path, bytes] of sound) writeFileSync(path, bytes);
      const stop = new Error('it goes on');
      await assert.rejects(
        resume(runDir, (event) => {
          if (event.kind === 'progress') throw stop;
        }),
        stop,
      );
    });
  }
});
