import assert from 'node:assert/strict';
import { configSchema, FIELD_GROUPS } from '../../src/protocol/config';
import { configJsonSchema } from '../../src/protocol/parseConfig';
import { HOSTS } from '../../src/protocol/words';
import { whyUnused } from '../../src/protocol/config/fieldUse';
import { formFields, type FormField } from '../../webview/model/formFields';
import { matches, rangeHint, readValue, showValue } from '../../webview/model/formValues';

const groups = formFields(configJsonSchema());
const fields = groups.flatMap((g) => g.fields);
const field = (name: string): FormField => {
  const found = fields.find((f) => f.name === name);
  assert.ok(found, name);
  return found;
};

describe('formFields', () => {
  it('has every field of the config but the file’s own, in the groups’ order, loss and exemplars first', () => {
    const names = Object.keys(configSchema.shape).filter((name) => name !== '$schema' && name !== 'schemaVersion');
    assert.deepEqual([...fields.map((f) => f.name)].sort(), names.sort());
    assert.deepEqual(
      groups.map((g) => g.group),
      [...FIELD_GROUPS],
    );
    assert.deepEqual(
      groups[0]?.fields.map((f) => f.name),
      ['lambda', 'beta1', 'beta2'],
    );
  });

  it('reads symbol, equation, limits, options, default and whether a field is live', () => {
    const { symbol, equation, minimum, maximum, defaultValue, live } = field('lambda');
    assert.deepEqual(
      { symbol, equation, minimum, maximum, defaultValue, live },
      { symbol: 'λ', equation: '5', minimum: 0, maximum: 1, defaultValue: 0.5, live: true },
    );
    assert.deepEqual([field('host').kind, field('host').options], ['enum', [...HOSTS]]);
    assert.deepEqual(
      ['epochs', 'alpha1', 'alpha1Milestones', 'name'].map((n) => field(n).kind),
      ['integer', 'number', 'list', 'text'],
    );
    assert.equal(field('trainPerClass').defaultValue, undefined);
  });

  it('survives a schema that is not one', () => {
    assert.deepEqual(formFields({}), []);
    assert.deepEqual(formFields({ properties: { a: null, b: 3, c: { title: 'C', group: 'Nowhere' } } }), []);
  });
});

describe('readValue', () => {
  it('takes an empty text for the wish for the default', () => {
    for (const f of fields) assert.equal(readValue(f, '  '), undefined);
  });
  it('reads numbers and lists, and leaves what it can’t read to be refused by the host', () => {
    assert.equal(readValue(field('alpha1'), '1e-3'), 0.001);
    assert.equal(readValue(field('epochs'), 'many'), 'many');
    assert.deepEqual(readValue(field('alpha1Milestones'), '80, 120'), [80, 120]);
    assert.deepEqual(readValue(field('alpha1Milestones'), '80,x'), [80, 'x']);
    assert.equal(readValue(field('name'), ' demo '), 'demo');
  });
  it('reads back every default as it is shown', () => {
    // A default that is shown as nothing is what an empty text means already.
    for (const f of fields) if (showValue(f.defaultValue) !== '') assert.deepEqual(readValue(f, showValue(f.defaultValue)), f.defaultValue);
  });
});

describe('whyUnused', () => {
  const why = (name: string, values: Record<string, unknown> = {}) =>
    whyUnused(
      field(name),
      (other) => values[other] ?? field(other).defaultValue,
      (other) => field(other).title,
    );

  it('is null for every field of the paper’s method that stands by itself', () => {
    for (const name of ['lambda', 'beta1', 'phases', 'exemplarsPerClass', 'innerSteps', 'temperature']) assert.equal(why(name), null, name);
  });
  it('names the host that a field means nothing to', () => {
    assert.equal(why('lambda', { host: 'lucir' }), 'Not used by the host lucir.');
    assert.equal(why('bicHeldOut'), 'Not used by the host icarl.');
    assert.equal(why('bicHeldOut', { host: 'bic' }), null);
  });
  it('names the field, and its value, that would make use of it', () => {
    assert.equal(why('beta2', { exemplarMethod: 'herding' }), 'Used where “Exemplar method” is mnemonics.');
    assert.equal(why('exemplarsTotal'), 'Used where “Memory” is total.');
    assert.equal(why('exemplarsPerClass', { memory: 'total' }), 'Used where “Memory” is per-class.');
  });
  it('names the field that takes its place', () => {
    assert.equal(why('phases', { phaseSizes: [5, 5] }), '“Classes of each phase” takes its place.');
  });
  it('speaks of fields and values that there are', () => {
    for (const { name, when, replacedBy } of fields) {
      for (const [other, values] of Object.entries(when))
        assert.ok(
          values.every((value) => field(other).options.includes(value)),
          name,
        );
      if (replacedBy !== null) field(replacedBy);
    }
  });
});

describe('rangeHint', () => {
  it('says the limits that matter', () => {
    assert.equal(rangeHint(field('lambda')), '0 to 1');
    assert.equal(rangeHint(field('beta1')), '> 0');
    assert.equal(rangeHint(field('momentum')), '≥ 0, < 1');
    assert.equal(rangeHint(field('name')), null);
  });
});

describe('matches', () => {
  it('finds a field by symbol, equation, title or description', () => {
    assert.ok(matches(field('lambda'), 'λ'));
    assert.ok(matches(field('beta2'), 'eq. 10a'));
    assert.ok(matches(field('epochs'), 'EPOCHS'));
    assert.ok(!matches(field('epochs'), 'epochs mnemonics'));
  });
});
