import assert from 'node:assert/strict';
import { FIELD_GROUPS, LIVE_FIELDS } from '../../src/protocol/config';
import { fromPanelSchema } from '../../src/protocol/webviewMessages';
import { panelSnapshot } from './fixtures/snapshots';
import type { View } from './harness/browser';
import { webviewSuite } from './harness/suite';

const suite = webviewSuite();
const open = async (...snapshot: Parameters<typeof panelSnapshot>): Promise<View> => {
  const view = await suite.open('panel', { width: 300 });
  await view.post(panelSnapshot(...snapshot));
  return view;
};
const last = async (view: View) => (await view.sent()).at(-1);
const field = (view: View, name: string) => view.page.locator(`[data-field="${name}"]`);

describe('Hyperparameters', () => {
  it('opens with loss and exemplars: λ, β1, β2, with their equations', async () => {
    const view = await open();
    const group = view.page.locator('details[open]');
    assert.equal(await group.count(), 1);
    const labels = (await group.locator('label').allInnerTexts()).map((t) => t.replaceAll(/\s+/g, ' ').trim());
    assert.deepEqual(labels, ['λ Classification weight (5)', 'β1 Step for new exemplars (9)', 'β2 Step for old exemplars (10a, 10b)']);
    assert.ok((await view.sent()).every((m) => fromPanelSchema.safeParse(m).success));
  });

  it('writes an edit when typing pauses, once', async () => {
    const view = await open();
    await view.page.getByLabel('β1 Step for new exemplars').pressSequentially('0.25', { delay: 20 });
    await view.page.waitForTimeout(600);
    assert.deepEqual(
      (await view.sent()).filter((m) => m.type === 'edit'),
      [{ type: 'edit', field: 'beta1', value: 0.25 }],
    );
  });

  it('writes what was typed before it starts a run', async () => {
    const view = await open();
    await view.page.getByLabel('β1 Step for new exemplars').fill('0.5');
    await view.page.getByRole('button', { name: 'Start Run' }).click();
    assert.deepEqual((await view.sent()).slice(-2), [{ type: 'edit', field: 'beta1', value: 0.5 }, { type: 'start' }]);
  });

  it('puts a default back by taking the field out', async () => {
    const view = await open({ lambda: 0.7 });
    await field(view, 'lambda')
      .getByRole('button', { name: /default/ })
      .click();
    assert.deepEqual(await last(view), { type: 'edit', field: 'lambda', value: undefined });
  });

  it('ties λ’s slider and number together', async () => {
    const view = await open({ lambda: 0.7 });
    const slider = field(view, 'lambda').locator('input[type=range]');
    assert.equal(await slider.inputValue(), '0.7');
    await slider.focus();
    await view.page.keyboard.press('ArrowRight');
    assert.equal(await view.page.getByLabel('λ Classification weight (5)').inputValue(), '0.71');
    await view.page.waitForTimeout(600);
    assert.deepEqual(await last(view), { type: 'edit', field: 'lambda', value: 0.71 });
  });

  it('shows a problem at its field, and those of no field above', async () => {
    const view = await open({ lambda: 3, lamda: 1 });
    const input = view.page.getByLabel('λ Classification weight (5)');
    assert.equal(await input.getAttribute('aria-invalid'), 'true');
    const described = (await input.getAttribute('aria-describedby')) ?? '';
    assert.equal(await view.page.locator(`#${described.split(' ')[0]}`).innerText(), 'must be at most 1 (it is 3)');
    assert.ok((await view.page.getByRole('alert').innerText()).includes('did you mean "lambda"?'));
    assert.equal(await view.page.getByRole('button', { name: 'Start Run' }).isDisabled(), true);
  });

  it('does not start in a workspace that is not trusted, and says why', async () => {
    const view = await open({}, { trusted: false });
    assert.equal(await view.page.getByRole('button', { name: 'Start Run' }).isDisabled(), true);
    assert.ok((await view.page.locator('.reason').innerText()).includes('trust'));
  });

  it('applies λ to the running run, and shows the answer', async () => {
    const { defaults } = panelSnapshot();
    const view = await open({ lambda: 0.7 }, { running: defaults });
    const apply = view.page.getByRole('button', { name: 'Apply to the running run' });
    assert.equal(await apply.count(), 1);
    await apply.click();
    assert.deepEqual(await last(view), { type: 'intent', intent: { intent: 'set', field: 'lambda', value: 0.7, id: 1 } });
    await view.post({ type: 'reply', id: 1, error: { code: 'not-possible-now', message: 'The run is ending.', exitCode: 1 } });
    assert.equal(await field(view, 'lambda').locator('.field-answer').innerText(), 'The run is ending.');
  });

  it('applies every live field to the running run, each by keyboard and with the answer at its place', async () => {
    const { defaults } = panelSnapshot();
    const open = Object.fromEntries(FIELD_GROUPS.map((group) => [group, true]));
    const view = await suite.open('panel', { width: 300, state: { open } });
    const values: Record<string, number> = { lambda: 0.25, temperature: 4, alpha1: 0.5, alpha2: 0.5, beta1: 0.5, beta2: 0.5, epochs: 7 };
    const all = { ...values, mnemonicsEpochs: 7, mnemonicsOldEpochs: 7, fineTuneEpochs: 7 };
    assert.deepEqual(Object.keys(all).sort(), [...LIVE_FIELDS].sort());
    await view.post(panelSnapshot(all, { running: defaults }));
    assert.equal(await view.page.getByRole('button', { name: /^Apply to the running run: / }).count(), LIVE_FIELDS.length);
    for (const [i, [name, value]] of Object.entries(all).entries()) {
      const apply = field(view, name).getByRole('button', { name: 'Apply to the running run' });
      await apply.focus();
      await view.page.keyboard.press('Enter');
      const id = i + 1;
      assert.deepEqual(await last(view), { type: 'intent', intent: { intent: 'set', field: name, value, id } });
      await view.post({ type: 'reply', id, error: { code: 'config-invalid', message: `No ${name}.`, exitCode: 2 } });
      assert.equal(await field(view, name).locator('.field-answer').innerText(), `No ${name}.`);
    }
  });

  it('offers nothing to apply where the running run makes nothing of the field', async () => {
    const { defaults } = panelSnapshot();
    const view = await open({ beta1: 0.5, lambda: 0.25 }, { running: { ...defaults, exemplarMethod: 'herding' } });
    assert.equal(
      await field(view, 'beta1')
        .getByRole('button', { name: /^Apply/ })
        .count(),
      0,
    );
    assert.equal(
      await field(view, 'lambda')
        .getByRole('button', { name: /^Apply/ })
        .count(),
      1,
    );
  });

  it('disables what does nothing with the other values, says why, and leaves out another host’s own fields', async () => {
    const view = await suite.open('panel', { state: { open: { 'Loss and exemplars': true, Memory: true, Host: true } } });
    await view.post(panelSnapshot({ host: 'lucir', exemplarMethod: 'random' }));
    const shown = (name: string) => view.page.locator(`[data-field="${name}"]`);
    assert.match(await shown('lambda').innerText(), /Not used by the host lucir\./);
    assert.ok(await shown('lambda').locator('input[type="number"]').isDisabled());
    assert.match(await shown('beta1').innerText(), /Used where “Exemplar method” is mnemonics\./);
    const described = await shown('beta1').locator('input').getAttribute('aria-describedby');
    assert.ok(described?.includes('field-beta1-unused'));
    assert.equal(await shown('bicHeldOut').isVisible(), false);
    await view.post(panelSnapshot({ host: 'bic' }));
    assert.ok(await shown('bicHeldOut').isVisible());
    assert.ok(await shown('lambda').locator('input[type="number"]').isDisabled());
    assert.equal(await shown('beta1').locator('input').isDisabled(), false);
  });

  it('filters by symbol and equation, and opens what holds a match', async () => {
    const view = await open();
    await view.page.getByRole('textbox', { name: 'Filter fields' }).fill('eq. 8');
    assert.deepEqual(await view.page.locator('.field:visible').evaluateAll((all) => all.map((f) => f.getAttribute('data-field'))), [
      'alpha2',
      'innerSteps',
      'innerBatchNorm',
      'innerStart',
      'innerReplay',
      'mnemonicsAugmentation',
    ]);
    await view.page.getByRole('textbox', { name: 'Filter fields' }).fill('nothing like it');
    assert.ok(await view.page.getByText('No field matches').isVisible());
  });

  it('chooses among several files and options', async () => {
    const files = ['a', 'b'].map((n) => ({ path: `${n}.mnemonics.json`, name: `${n}.mnemonics.json` }));
    const view = await open({}, { files, file: { path: 'a.mnemonics.json', name: 'a.mnemonics.json', values: {} } });
    await view.page.getByRole('combobox', { name: 'Experiment file' }).click();
    await view.page.getByRole('option', { name: 'b.mnemonics.json' }).click();
    assert.deepEqual(await last(view), { type: 'choose-file', path: 'b.mnemonics.json' });
    await view.page.getByText('Experiment', { exact: true }).click();
    await view.page.getByRole('combobox', { name: 'Host' }).click();
    await view.page.getByRole('option', { name: 'lwf' }).click();
    assert.deepEqual(await last(view), { type: 'edit', field: 'host', value: 'lwf' });
  });

  it('asks for a preset when one is chosen, and does not keep the choice', async () => {
    const view = await open();
    const presets = view.page.getByRole('combobox', { name: 'Start from a preset' });
    await presets.click();
    await view.page.getByRole('option', { name: /^laptop/ }).click();
    assert.deepEqual(await last(view), { type: 'apply-preset', preset: 'laptop' });
    await view.page.waitForTimeout(100);
    assert.equal(await presets.evaluate((element) => Reflect.get(element, 'value') as string), '');
  });

  it('offers the demo where there is no experiment', async () => {
    const view = await open({}, { file: null, files: [] });
    await view.page.getByRole('button', { name: 'Create the demo' }).click();
    assert.deepEqual(await last(view), { type: 'create-demo' });
  });
});
