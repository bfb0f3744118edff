import assert from 'node:assert/strict';
import { foldEvents } from '../../src/protocol/foldEvents';
import { fromDashboardSchema } from '../../src/protocol/webviewMessages';
import { accuracySeries } from '../../webview/model/curves';
import { changesOfRun } from '../../webview/model/changeMarks';
import { seriesTable } from '../../webview/model/curveTables';
import { cellText, type Table } from '../../webview/model/table';
import { layoutTimeline } from '../../webview/model/timeline';
import { timelineTable } from '../../webview/model/timelineTable';
import { after, demoEvents, upTo } from './fixtures/events';
import { dashboardSnapshot, exemplarsOf } from './fixtures/snapshots';
import type { View } from './harness/browser';
import { webviewSuite } from './harness/suite';

const suite = webviewSuite();
const events = demoEvents({ eventful: true });
const half = upTo(events, 0.62);

const running = async (options = {}): Promise<View> => {
  const view = await suite.open('dashboard', options);
  await view.post(dashboardSnapshot(half));
  return view;
};
const text = (view: View, selector: string) => view.page.locator(selector).first().innerText();
const button = (view: View, name: string) => view.page.getByRole('button', { name, exact: true });
const texts = (table: Table) => table.rows.map((row, r) => row.map((_, c) => cellText(table, r, c)));
const cells = (view: View, region: string) =>
  view.page
    .getByRole('region', { name: region })
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('td')].map((td) => td.textContent ?? '')));

describe('Dashboard', () => {
  it('asks for its data once, and keeps which run it shows', async () => {
    const view = await running();
    const sent = await view.sent();
    assert.equal(sent.filter((m) => m.type === 'ready').length, 1);
    assert.ok(sent.every((m) => fromDashboardSchema.safeParse(m).success));
    assert.equal(await view.page.evaluate(() => Reflect.get(window, 'hostState').runDir), 'runs/demo');
  });

  it('shows what the run is doing and what it has reached, by name', async () => {
    const view = await running();
    const header = await text(view, '.run-header');
    for (const part of [
      'Running',
      'demo',
      '62.0 %',
      '3 of 5',
      'Distil',
      'Ā, nearest mean',
      'F (paper)',
      'Standard forgetting',
      'Images/s',
      'Time left',
    ])
      assert.ok(header.includes(part), part);
    assert.equal(await view.page.getByRole('progressbar').getAttribute('aria-valuenow'), '62');
  });

  it('moves with events that come one after the other', async () => {
    const view = await running();
    const segment = view.page.locator('[data-phase="3"][data-stage="distil"]');
    const width = () => segment.locator('.segment-fill').evaluate((e) => Number.parseFloat((e as HTMLElement).style.width));
    const before = await width();
    await view.post({ type: 'events', events: events.slice(half.length, half.length + 6) });
    assert.ok((await width()) > before);
    await view.post({ type: 'events', events: events.slice(half.length + 6) });
    assert.equal(await width(), 100);
    assert.equal(await segment.getAttribute('data-state'), 'done');
    assert.ok((await text(view, '.state')).includes('Completed'));
  });

  it('asks for everything again where an event is missing', async () => {
    const view = await running();
    await view.post({ type: 'events', events: [events[half.length + 3]] });
    assert.equal((await view.sent()).filter((m) => m.type === 'ready').length, 2);
    await view.post({ type: 'events', events: [half.at(-1)] });
    assert.equal((await view.sent()).filter((m) => m.type === 'ready').length, 2, 'a repetition is no gap');
  });

  it('sends an intent once, shows it as busy, and says why it was refused', async () => {
    const view = await running();
    await button(view, 'Pause').click();
    await button(view, 'Pause').click();
    const intents = (await view.sent()).filter((m) => m.type === 'intent');
    assert.deepEqual(intents, [{ type: 'intent', intent: { intent: 'pause', id: 1 } }]);
    assert.equal(await view.page.locator('vscode-button[aria-busy="true"]').count(), 1);
    await view.post({ type: 'reply', id: 1, error: { code: 'not-possible-now', message: 'The run is already paused.', exitCode: 1 } });
    assert.equal(await view.page.locator('vscode-button[aria-busy="true"]').count(), 0);
    assert.equal(await text(view, '.refusal'), 'The run is already paused.');
  });

  it('offers only what can be done: pause and stop in its own window, resume after a stop', async () => {
    const view = await running();
    await view.post({ type: 'ownership', ownership: 'elsewhere' });
    assert.equal(await button(view, 'Pause').isVisible(), false);
    assert.ok((await text(view, '.banner')).includes('Another process'));
    await view.post({ type: 'ownership', ownership: 'ended' });
    assert.ok((await text(view, '.state')).includes('Interrupted'));
    await button(view, 'Resume Run').click();
    assert.deepEqual((await view.sent()).at(-1), { type: 'command', command: 'resume-run' });
  });

  it('shows the error of a failed run with its log', async () => {
    const view = await running();
    const failed = after(half, {
      kind: 'run-ended',
      outcome: 'failed',
      error: { code: 'data-invalid', message: 'The file train.bin is 12 bytes short; import it again.', exitCode: 3 },
    });
    await view.post({ type: 'events', events: [failed] });
    const banner = view.page.getByRole('alert').filter({ hasText: 'train.bin' });
    await banner.getByRole('button', { name: 'Show Log' }).click();
    assert.deepEqual((await view.sent()).at(-1), { type: 'command', command: 'show-log' });
  });

  it('has table twins that equal the data', async () => {
    const view = await running({ state: { timelineTable: true, accuracyTable: true } });
    const run = foldEvents(half);
    assert.ok(run);
    assert.deepEqual(await cells(view, 'Table: Phase timeline'), texts(timelineTable(layoutTimeline(run))));
    const drawn = accuracySeries(run, 'nearestMean').filter((s) => s.points.length > 0);
    assert.deepEqual(await cells(view, 'Table: Accuracy'), texts(seriesTable(run, 'nearestMean', '', drawn, changesOfRun(run))));
  });

  it('marks a change of any setting on the timeline, the curves and the loss, by its symbol or title', async () => {
    const view = await running({ state: { timelineTable: true } });
    const events = [after(half, { kind: 'setting-changed', field: 'beta1', previous: 0.01, value: 0.5 })];
    events.push(after([...half, ...events], { kind: 'setting-changed', field: 'mnemonicsEpochs', previous: 50, value: 60 }));
    await view.post({ type: 'events', events });
    const said = /β1: 0\.01 → 0\.5[,;] Epochs, new exemplars: 50 → 60/;
    for (const chart of ['chart-accuracy', 'chart-forgetting', 'chart-loss'])
      await view.page.waitForFunction(
        ([name, text]) => new RegExp(text ?? '').test(document.querySelector(`.${name} canvas`)?.getAttribute('aria-label') ?? ''),
        [chart, said.source],
      );
    const stage = view.page.locator('.segment[data-state=running]');
    assert.match((await stage.getAttribute('aria-label')) ?? '', said);
    assert.equal(await view.page.locator('.timeline-row:has(.segment[data-state=running]) .mark-setting').count(), 1);
    assert.ok((await cells(view, 'Table: Phase timeline')).flat().some((text) => said.test(text ?? '')));
  });

  it('shows the glyph of each kind of mark, none behind another, however narrow', async () => {
    const view = await running();
    const events = [after(half, { kind: 'warning', message: 'Few exemplars.' })];
    events.push(after([...half, ...events], { kind: 'setting-changed', field: 'beta1', previous: 0.01, value: 0.5 }));
    await view.post({ type: 'events', events });
    const row = view.page.locator('.timeline-row:has(.segment[data-state=running])');
    await row.locator('.mark-setting').waitFor();
    for (const width of [1400, 500]) {
      await view.page.setViewportSize({ width, height: 900 });
      await view.page.waitForTimeout(100);
      const lefts = await row.locator('.mark').evaluateAll((all) => all.map((glyph) => glyph.getBoundingClientRect().left));
      assert.equal(await row.locator('.mark-warning').count(), 1);
      lefts.sort((a, b) => a - b).forEach((left, i) => assert.ok(i === 0 || left - lefts[i - 1]! > 13.9, `${width}: ${lefts.join()}`));
    }
  });

  it('switches the classifier and keeps the choice', async () => {
    const view = await running({ state: { accuracyTable: true } });
    const run = foldEvents(half);
    assert.ok(run);
    await view.page.locator('#forgetting').getByRole('button', { name: 'softmax', exact: true }).click();
    const drawn = accuracySeries(run, 'softmax').filter((s) => s.points.length > 0);
    assert.deepEqual(await cells(view, 'Table: Accuracy'), texts(seriesTable(run, 'softmax', '', drawn, changesOfRun(run))));
    assert.equal(await view.page.evaluate(() => Reflect.get(window, 'hostState').classifier), 'softmax');
  });

  it('marks the section that a reader has come to, the last one too', async () => {
    const view = await running();
    const nav = view.page.getByRole('navigation', { name: 'Sections' });
    for (const name of ['Forgetting', 'Times', 'Exemplars', 'Timeline']) {
      await nav.getByRole('link', { name }).click();
      await nav.locator(`a[aria-current="true"]:text-is("${name}")`).waitFor();
      assert.equal(await nav.locator('[aria-current="true"]').count(), 1);
    }
  });

  it('tells what a canvas shows to those who do not see it', async () => {
    const view = await running();
    await view.post(exemplarsOf(2));
    const labels = await view.page.locator('canvas[role="img"]').evaluateAll((all) => all.map((c) => c.getAttribute('aria-label') ?? ''));
    assert.ok(
      labels.some((l) => /^Accuracy\. all classes seen .* % after phase 2/.test(l)),
      labels.join('\n'),
    );
    assert.ok(labels.some((l) => l.startsWith('Loss of Distil, phase 3')));
    assert.ok(labels.some((l) => l.startsWith('70 exemplars of 7 classes')));
  });

  it('asks for the newest exemplars once, and for those of another phase when it is chosen', async () => {
    const view = await running();
    const asked = async () => (await view.sent()).filter((m) => m.type === 'get-exemplars').map((m) => m['phase']);
    assert.deepEqual(await asked(), [2]);
    await view.post(exemplarsOf(2));
    await view.page.getByRole('combobox', { name: 'Stored exemplars of' }).click();
    await view.page.getByRole('option', { name: /^phase 0/ }).click();
    assert.deepEqual(await asked(), [2, 0]);
    await view.post(exemplarsOf(0));
    await view.page.locator('.chip', { hasText: '3' }).click();
    // The grid is drawn in the page's next frame.
    await view.page.locator('.exemplar-grid canvas[aria-label^="10 exemplars of class 3"]').waitFor();
  });

  it('says that exemplars were chosen and not learned where that is so', async () => {
    const view = await suite.open('dashboard');
    await view.post(dashboardSnapshot(demoEvents({ config: { exemplarMethod: 'herding' } }), 'ended'));
    await view.post(exemplarsOf(5, false));
    const section = await text(view, '#exemplars');
    assert.ok(section.includes('chosen by herding, not learned'));
    assert.ok(section.includes('before = after'));
    assert.ok(section.includes('Nothing moved'));
  });

  it('draws hundreds of exemplars in a moment', async () => {
    const view = await running();
    const { pixels } = exemplarsOf(2);
    assert.ok(pixels);
    const many = 6;
    const repeat = (values: Float32Array) => Float32Array.from({ length: values.length * many }, (_, i) => values[i % values.length] ?? 0);
    const big = {
      ...pixels,
      classes: Array.from({ length: many }, () => pixels.classes).flat(),
      before: repeat(pixels.before),
      after: repeat(pixels.after),
    };
    await view.post({ type: 'exemplars', phase: 2, pixels: big, error: null });
    const milliseconds = await view.page.evaluate(async () => {
      const slider = document.querySelector<HTMLInputElement>('.size-slider input');
      if (!slider) return Infinity;
      const start = performance.now();
      slider.value = '28';
      slider.dispatchEvent(new Event('input'));
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      return performance.now() - start;
    });
    assert.ok(milliseconds < 1000, `${milliseconds} ms`);
  });

  it('drops what does not match the protocol, and says so to developers', async () => {
    const view = await running();
    await view.post({ type: 'events', events: [{ kind: 'nonsense' }] });
    assert.ok(view.complaints.shift()?.includes('does not match the protocol'));
    assert.ok((await text(view, '.run-header')).includes('demo'));
  });
});
