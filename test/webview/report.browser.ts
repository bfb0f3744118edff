import assert from 'node:assert/strict';
import { demoEvents } from './fixtures/events';
import { reportData } from './fixtures/snapshots';
import { webviewSuite } from './harness/suite';

const suite = webviewSuite();

describe('Report', () => {
  it('of one run has every view and needs nothing but itself', async () => {
    const view = await suite.openReport(reportData(['demo']));
    const requests: string[] = [];
    view.page.on('request', (r) => requests.push(r.url()));
    await view.page.waitForTimeout(200);
    assert.deepEqual(requests, []);
    assert.deepEqual(await view.page.locator('section').evaluateAll((all) => all.map((s) => s.id)), [
      'summary',
      'timeline',
      'forgetting',
      'learning',
      'exemplars',
      'classes',
      'times',
      'settings',
    ]);
    assert.ok((await view.page.locator('.exemplar-grid canvas').getAttribute('aria-label'))?.startsWith('100 exemplars of 10 classes'));
  });

  it('of several runs compares them by name', async () => {
    const view = await suite.openReport(reportData(['learned', 'herded', 'drawn']));
    const rows = await view.page.locator('#summary tbody tr').allInnerTexts();
    assert.deepEqual(
      rows.map((r) => r.split('\t')[0]),
      ['learned', 'herded', 'drawn'],
    );
    assert.deepEqual(await view.page.locator('#forgetting .legend').first().locator('button').allInnerTexts(), [
      'learned',
      'herded',
      'drawn',
    ]);
    assert.equal(await view.page.locator('.timeline-rows').count(), 3);
    await view.page.getByRole('combobox', { name: 'Stored exemplars of' }).click();
    await view.page.getByRole('option', { name: /^learned, phase 0/ }).click();
    assert.ok(
      (await view.page.locator('.exemplar-grid canvas').getAttribute('aria-label'))?.startsWith('50 exemplars of 5 classes, each before'),
    );
  });

  it('of runs that differ in their seed alone has their mean, and each of them where wanted', async () => {
    const base = reportData(['one']).runs[0];
    assert.ok(base);
    const seeds = [1, 2, 3].map((seed) => ({ ...base, title: `seed ${seed}`, events: demoEvents({ seed, config: { seed } }) }));
    const view = await suite.openReport({ schemaVersion: 1, runs: seeds });
    const legend = () => view.page.locator('#forgetting .legend').first().locator('button').allInnerTexts();
    assert.deepEqual(await legend(), ['mean ± std of 3 seeds: icarl, mnemonics']);
    assert.equal(await view.page.getByRole('region', { name: 'Table: Mean over seeds' }).locator('tbody tr').count(), 1);
    await view.page.getByRole('group', { name: 'Seeds' }).getByRole('button', { name: 'each' }).click();
    await view.page.locator('#forgetting .legend button', { hasText: 'seed 3' }).first().waitFor();
    assert.deepEqual(await legend(), ['seed 1', 'seed 2', 'seed 3']);
  });

  it('says that its data is damaged instead of staying empty', async () => {
    const view = await suite.openReport({ schemaVersion: 1, runs: [] });
    assert.ok((await view.page.getByRole('alert').innerText()).includes('save it again'));
  });

  it('is light on paper', async () => {
    const view = await suite.openReport(reportData(['demo']), { theme: 'dark' });
    await view.page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    assert.equal(await view.page.evaluate(() => document.body.className), 'vscode-light');
    await view.page.evaluate(() => dispatchEvent(new Event('afterprint')));
    assert.equal(await view.page.evaluate(() => document.body.className), 'vscode-dark');
  });
});
