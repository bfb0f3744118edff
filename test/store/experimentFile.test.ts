import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applySettings, readExperiment } from '../../src/store/experimentFile';
import { rejectsWith } from './support/rejects';
import { temporaryFolders } from './support/temporaryFolder';

describe('An experiment file', () => {
  const folder = temporaryFolders();
  const write = (text: string) => {
    const path = join(folder(), 'x.mnemonics.json');
    writeFileSync(path, text);
    return path;
  };

  it('may have comments, trailing commas and a byte order mark; missing fields have their defaults', async () => {
    const path = write('\uFEFF{\n  // digits\n  "name": "mine", /* N */ "phases": 1,\n}');
    const { config, dir } = await readExperiment(path);
    assert.deepEqual([config.name, config.phases, config.lambda, join(dir, 'x.mnemonics.json')], ['mine', 1, 0.5, path]);
  });

  it('names line and column of a mistake', () =>
    rejectsWith(readExperiment(write('{\n  "phases": 1\n  "seed": 2\n}')), 2, /is not JSON: comma expected at line 3, column 3/));
  it('is refused where it is empty', () => rejectsWith(readExperiment(write('')), 2, /value expected at line 1, column 1/));
  it('is refused where it is a list', () => rejectsWith(readExperiment(write('[]')), 2, /must be a JSON object/));
  it('is refused where a field is set twice', () =>
    rejectsWith(readExperiment(write('{"seed": 1,\n "seed": 2}')), 2, /sets "seed" twice, again at line 2, column 2/));
  it('names a wrong field', () => rejectsWith(readExperiment(write('{"lamda": 1}')), 2, /"lamda" is not a field .*did you mean "lambda"/));
  it('names a file that is missing', () =>
    rejectsWith(readExperiment('/nowhere/x.mnemonics.json'), 2, /x\.mnemonics\.json can't be read: there is no such file/));

  it('takes settings over its values, as JSON or text', async () => {
    const sets = ['lambda=0.7', 'name=a=b', 'alpha1Milestones=[1, 2]', 'exemplarMethod=herding'];
    await rejectsWith(readExperiment(write('{"lambda": 0.1}'), sets), 2, /"name"/);
    const { config } = await readExperiment(write('{"lambda": 0.1}'), sets.with(1, 'name=ab'));
    assert.deepEqual([config.lambda, config.name, config.alpha1Milestones, config.exemplarMethod], [0.7, 'ab', [1, 2], 'herding']);
  });
  for (const set of ['lambda', '=1', 'lambda:1']) {
    it(`refuses the setting ${set}`, () => rejectsWith(() => applySettings({}, [set]), 2, /is not of the form field=value/));
  }
  for (const set of ['lamda=1', '__proto__=1', '__proto__.phases=1', 'constructor.x=1', 'lambda.deep=1']) {
    it(`finds that ${set} sets no field`, () => rejectsWith(readExperiment(write('{}'), [set]), 2, /lamda|__proto__|constructor|lambda/));
  }
  it('changes neither the values given nor any prototype', () => {
    const values = { alpha1Milestones: [1, 2] };
    assert.deepEqual(applySettings(values, ['alpha1Milestones.1=5']), { alpha1Milestones: [1, 5] });
    applySettings(values, ['__proto__.polluted=1']);
    assert.deepEqual(values, { alpha1Milestones: [1, 2] });
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });
});
