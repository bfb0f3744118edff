import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits } from 'jsonc-parser';
import { configSchema } from '../../../src/protocol/config';
import { fieldEdits, fromTemplate, presetText, readExperimentText } from '../../../src/extension/experiments/experimentText';

const WRITTEN = `{
    // Why this λ: see the notebook.
    "lambda": 0.5, /* eq. 5 */
    "alpha1Milestones": [80, 120],
}
`;
const edited = (text: string, field: string, value: unknown) => applyEdits(text, fieldEdits(text, field, value));

describe('the text of an experiment file', () => {
  it('keeps comments and layout when a field is changed', () => {
    assert.equal(edited(WRITTEN, 'lambda', 0.75), WRITTEN.replace('0.5', '0.75'));
  });

  it('adds a field in the indentation that the file has', () => {
    assert.match(edited(WRITTEN, 'epochs', 3), /\n {4}"epochs": 3/);
    assert.match(edited('{\n\t"lambda": 1\n}', 'epochs', 3), /\n\t"epochs": 3/);
  });

  for (const [what, text, field, expected] of [
    ['the first', '{\n  "lambda": 1,\n  // About epochs.\n  "epochs": 2\n}\n', 'lambda', '{\n  // About epochs.\n  "epochs": 2\n}\n'],
    ['the last', '{\n  "lambda": 1, // Why.\n  "epochs": 2 // Few.\n}\n', 'epochs', '{\n  "lambda": 1 // Why.\n   // Few.\n}\n'],
    ['the last before a trailing comma', '{\n  "lambda": 1,\n  "epochs": 2,\n}\n', 'epochs', '{\n  "lambda": 1,\n}\n'],
    ['the only', '{ "lambda": 1 }', 'lambda', '{  }'],
    ['one that is not there', '{ "lambda": 1 }', 'epochs', '{ "lambda": 1 }'],
    ['one of several on a line', '{"lambda": 1, "epochs": 2, "seed": 3}', 'epochs', '{"lambda": 1,  "seed": 3}'],
  ] as const) {
    it(`takes out ${what} field and leaves every comment`, () => assert.equal(edited(text, field, undefined), expected));
  }

  it('begins an empty file', () => {
    assert.deepEqual(readExperimentText(edited('', 'lambda', 0.3), 'x').values, { lambda: 0.3 });
  });

  it('refuses to write what is no field of an experiment', () => {
    assert.throws(() => fieldEdits(WRITTEN, '__proto__', 1), /no field/);
  });

  it('reads back every value that it wrote, and leaves the other fields as they were', () => {
    const field = fc.constantFrom(...Object.keys(configSchema.shape));
    // Nobody takes a prototype from a file: that it is left out is tested elsewhere.
    const value = fc.jsonValue().filter((any) => !JSON.stringify(any).includes('__proto__'));
    fc.assert(
      fc.property(fc.array(fc.tuple(field, fc.option(value, { nil: undefined })), { maxLength: 8 }), (edits) => {
        const expected: Record<string, unknown> = { ...readExperimentText(WRITTEN, 'x').values };
        let text = WRITTEN;
        for (const [name, value] of edits) {
          text = edited(text, name, value);
          if (value === undefined) delete expected[name];
          else expected[name] = JSON.parse(JSON.stringify(value));
        }
        assert.deepEqual(readExperimentText(text, 'x').values, expected);
        assert.ok(text.includes('// Why this λ') && text.includes('/* eq. 5 */'));
      }),
      { numRuns: 100 },
    );
  });

  it('tells where a text is no JSON and still reads what it can', () => {
    const { values, problems, editable } = readExperimentText('{ "lambda": 0.5, "beta1": }', 'my experiment');
    assert.equal(editable, false);
    assert.equal(problems[0]?.field, '');
    assert.match(problems[0]?.message ?? '', /^my experiment is not JSON: .* line 1/);
    assert.equal(values.lambda, 0.5);
  });

  it('ties the problem of a value to its field', () => {
    const { problems, editable } = readExperimentText('{ "lambda": 2 }', 'x');
    assert.equal(editable, true);
    assert.deepEqual(
      problems.map(({ field }) => field),
      ['lambda'],
    );
  });

  it('shows a file that is JSON but no object as a problem', () => {
    const { values, problems, editable } = readExperimentText('[1]', 'x');
    assert.deepEqual([values, problems.length, editable], [{}, 1, false]);
  });

  it('copies a template under another name and without its path to a schema', () => {
    const template = '{\n  "$schema": "../x.json",\n  // A comment.\n  "name": "demo"\n}\n';
    assert.equal(fromTemplate(template, 'mine'), '{\n  // A comment.\n  "name": "mine"\n}\n');
  });

  it('takes a preset in under the file’s own name, data folder and schema, comments and all', () => {
    const preset = '{\n  "$schema": "../dist/s.json",\n  // A cut.\n  "name": "laptop",\n  "epochs": 40\n}\n';
    const mine = '{ "name": "mine", "dataPath": "/data/cifar", "epochs": 3 }';
    assert.equal(
      presetText(preset, mine, 'laptop'),
      '{\n  // A cut.\n  "name": "mine",\n  "epochs": 40,\n  "dataPath": "/data/cifar"\n}\n',
    );
    assert.deepEqual(readExperimentText(presetText(preset, 'no JSON at all', 'laptop'), '').values['name'], 'laptop');
  });
});
