import assert from 'node:assert/strict';
import { foldEvents } from '../../src/protocol/foldEvents';
import { classAccuracies, classAccuracyTable, classesAfter, confusionTable } from '../../webview/model/confusion';
import { ageTable, lossTable, movedTable } from '../../webview/model/learning';
import { cellText, type Table } from '../../webview/model/table';
import { demoEvents, upTo } from './fixtures/events';
import { confusionMessage, confusionOf, dashboardSnapshot, reportData } from './fixtures/snapshots';
import type { View } from './harness/browser';
import { webviewSuite } from './harness/suite';

const suite = webviewSuite();
const events = demoEvents();
const run = foldEvents(events);
const TABLES = { lossTable: true, ageTable: true, movedTable: true, confusionTable: true, classTable: true };
const texts = (table: Table) => table.rows.map((row, r) => row.map((_, c) => cellText(table, r, c)));
const cells = (view: View, region: string) =>
  view.page
    .getByRole('region', { name: region, exact: true })
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '')));
const text = (view: View, selector: string) => view.page.locator(selector).first().innerText();

async function ended(state: object = {}): Promise<View> {
  const view = await suite.open('dashboard', { state });
  await view.post(dashboardSnapshot(events, 'ended'));
  return view;
}

describe('Learning', () => {
  it('has table twins of loss, class age and movement that equal the data', async () => {
    assert.ok(run);
    const view = await ended(TABLES);
    assert.deepEqual(await cells(view, 'Table: Test loss'), texts(lossTable(run)));
    assert.deepEqual(await cells(view, 'Table: Nearest mean by class age'), texts(ageTable(run)));
    assert.deepEqual(await cells(view, 'Table: Pixel change in each phase'), texts(movedTable(run)));
    assert.match(await text(view, '.verdict'), /lowered the test loss .* by −1\.2 points/s);
  });

  it('draws three marks for old exemplars and two for new ones, and reads them out under the pointer', async () => {
    const view = await ended();
    assert.equal(await view.page.locator('.dumbbells .bell-new .bell-mark').count(), 12);
    assert.equal(await view.page.locator('.dumbbells .bell-old .bell-mark').count(), 15);
    await view.page.locator('.bell-target').nth(3).hover();
    assert.match(await text(view, '.tooltip'), /Phase 3[\s\S]*old exemplars, as stored before/);
  });

  it('shows the class ages after another phase when it is chosen', async () => {
    const view = await ended();
    const summary = () => view.page.locator('.chart-age canvas').getAttribute('aria-label');
    assert.match((await summary()) ?? '', /at age: phases since the classes came 5\b/);
    await view.page.getByRole('combobox', { name: 'Learning: phase' }).click();
    await view.page.getByRole('option', { name: 'phase 2', exact: true }).click();
    await view.page.locator('.chart-age canvas[aria-label*="came 2;"]').waitFor();
  });

  it('says why it is empty', async () => {
    const view = await suite.open('dashboard');
    await view.post(dashboardSnapshot(demoEvents({ config: { exemplarMethod: 'random' } }), 'ended'));
    assert.match(await text(view, '#learning .empty'), /chooses its exemplars at random and keeps them as they are/);
    const early = await suite.open('dashboard');
    await early.post(dashboardSnapshot(upTo(events, 0.01)));
    assert.match(await text(early, '#learning .empty'), /Nothing has been measured yet/);
    assert.match(await text(early, '#classes .empty'), /No phase has been tested yet/);
    assert.match(await text(early, '#times .empty'), /No stage has ended yet/);
  });
});

describe('Classes', () => {
  it('ask for the newest confusion matrix once, and show it with a table twin', async () => {
    assert.ok(run);
    const view = await ended(TABLES);
    const asked = async () => (await view.sent()).filter(({ type }) => type === 'get-confusion').map((m) => m['phase']);
    assert.deepEqual(await asked(), [5]);
    // With what the log has of the phase, so that the matrix of another run is noticed.
    const request = (await view.sent()).find(({ type }) => type === 'get-confusion');
    assert.deepEqual(request?.['metrics'], run.phases[5]?.evaluation);
    await view.post(confusionMessage(5));
    const classes = classesAfter(run, 5);
    assert.deepEqual(
      await cells(view, 'Table: Confusion matrix'),
      texts(confusionTable(confusionOf(10).nearestMean, classes, 'nearestMean', 5)),
    );
    await view.page.locator('#classes').getByRole('button', { name: 'softmax', exact: true }).click();
    assert.deepEqual(await cells(view, 'Table: Confusion matrix'), texts(confusionTable(confusionOf(10).softmax, classes, 'softmax', 5)));
    const evaluation = run.phases[5]?.evaluation;
    assert.ok(evaluation);
    assert.deepEqual(await cells(view, 'Table: Accuracy of each class'), texts(classAccuracyTable(classAccuracies(run, 5, evaluation), 5)));
    assert.deepEqual(await asked(), [5]);
  });

  it('read single cells by arrow keys', async () => {
    const view = await ended();
    await view.post(confusionMessage(5));
    await view.page.locator('.heatmap').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowRight']) await view.page.keyboard.press(key);
    // Class 1 of the order is digit 3, its column 3 digit 7: the fixture's great mistake.
    assert.match(await text(view, '.tooltip'), /3 taken for 7[\s\S]*31 of/);
    await view.page.keyboard.press('Escape');
    assert.equal(await view.page.locator('.tooltip').isVisible(), false);
  });

  it('say what is wrong with a matrix that cannot be read', async () => {
    const view = await ended();
    const error = { code: 'run-folder', message: 'phase-05/evaluation.json is damaged; restore it.', exitCode: 5 };
    await view.post({ type: 'confusion', phase: 5, confusion: null, error });
    assert.match(await text(view, '#classes'), /evaluation\.json is damaged/);
  });
});

describe('Learning and classes of a report', () => {
  it('are of the run that is chosen among several', async () => {
    const view = await suite.openReport(reportData(['learned', 'herded']));
    assert.match(await text(view, '.verdict'), /Learning new exemplars/);
    await view.page.getByRole('combobox', { name: 'Learning: run' }).click();
    await view.page.getByRole('option', { name: 'herded' }).click();
    await view.page.locator('#learning .empty', { hasText: 'by herding' }).waitFor();
    assert.ok(await view.page.locator('.heatmap[aria-label^="Confusion matrix of 10 classes after phase 5"]').isVisible());
    assert.equal(await view.page.locator('#times table').count(), 2);
  });
});
