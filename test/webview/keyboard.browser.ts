import assert from 'node:assert/strict';
import { demoEvents, upTo } from './fixtures/events';
import { checkpointSnapshot, dashboardSnapshot, exemplarsOf, panelSnapshot, statisticsOf } from './fixtures/snapshots';
import type { View } from './harness/browser';
import { webviewSuite } from './harness/suite';

const suite = webviewSuite();
const focused = (view: View) =>
  view.page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? '');

/** What Tab reaches, in order. */
async function tabStops(view: View, count: number): Promise<string[]> {
  const stops: string[] = [];
  for (let i = 0; i < count; i++) {
    await view.page.keyboard.press('Tab');
    stops.push(await focused(view));
  }
  return stops;
}

describe('By keyboard', () => {
  it('the dashboard goes from actions to sections to the timeline, which is one stop', async () => {
    const view = await suite.open('dashboard');
    await view.post(dashboardSnapshot(upTo(demoEvents(), 0.62)));
    await view.post(exemplarsOf(2));
    const stops = await tabStops(view, 14);
    assert.deepEqual(stops.slice(0, 12), [
      'Pause',
      'Stop',
      'Show Log',
      'Save Report',
      'Timeline',
      'Forgetting',
      'Learning',
      'Exemplars',
      'Classes',
      'Times',
      'Show table: Phase timeline',
      'Copy CSV: Phase timeline',
    ]);
    assert.ok(stops[12]?.startsWith('Phase 0, Train'));
    assert.equal(stops[13], 'softmax');
  });

  it('arrows walk the stages of the timeline, which then explain themselves', async () => {
    const view = await suite.open('dashboard');
    await view.post(dashboardSnapshot(upTo(demoEvents(), 0.62)));
    await tabStops(view, 13);
    await view.page.keyboard.press('ArrowRight');
    assert.ok((await focused(view)).startsWith('Phase 0, Mnemonics, new: done'));
    await view.page.keyboard.press('ArrowDown');
    assert.ok((await focused(view)).startsWith('Phase 1, Mnemonics, new: done'));
    assert.ok((await view.page.getByRole('tooltip').innerText()).includes('eq. 8, 9'));
    await view.page.keyboard.press('Enter');
    assert.ok((await view.page.locator('.stage-detail').innerText()).includes('Loss · phase 1 · Mnemonics, new'));
    await view.page.keyboard.press('Escape');
    assert.equal(await view.page.getByRole('tooltip').isVisible(), false);
    await view.page.keyboard.press('End');
    assert.ok((await focused(view)).startsWith('Phase 1, Evaluate'));
  });

  it('the focus stays on its stage while events come', async () => {
    const events = demoEvents();
    const half = upTo(events, 0.62);
    const view = await suite.open('dashboard');
    await view.post(dashboardSnapshot(half));
    await tabStops(view, 13);
    await view.post({ type: 'events', events: events.slice(half.length) });
    assert.ok((await focused(view)).startsWith('Phase 0, Train'));
  });

  it('arrows enlarge one exemplar after the other', async () => {
    const view = await suite.open('dashboard');
    await view.post(dashboardSnapshot(upTo(demoEvents(), 0.62)));
    await view.post(exemplarsOf(2));
    await view.page.locator('.exemplar-grid').focus();
    await view.page.keyboard.press('ArrowRight');
    await view.page.keyboard.press('ArrowRight');
    assert.ok((await view.page.getByRole('tooltip').innerText()).startsWith('Class 8 · exemplar 2 of 10'));
    assert.ok((await view.page.locator('.exemplar-grid [aria-live]').textContent())?.includes('exemplar 2 of 10'));
  });

  it('Enter on a tensor opens its statistics', async () => {
    const view = await suite.open('checkpoint');
    await view.post(checkpointSnapshot());
    await view.page.locator('[data-tensor="conv1.weight"]').focus();
    await view.page.keyboard.press('Enter');
    assert.deepEqual((await view.sent()).at(-1), { type: 'get-statistics', name: 'conv1.weight' });
    await view.post({ type: 'statistics', name: 'conv1.weight', statistics: statisticsOf('conv1.weight', 144), error: null });
    assert.equal(await focused(view), 'conv1.weight');
  });

  it('a number field steps by the unit of its leading digit', async () => {
    const view = await suite.open('panel');
    await view.post(panelSnapshot({ beta1: 0.01 }));
    await view.page.getByLabel('β1 Step for new exemplars').focus();
    await view.page.keyboard.press('ArrowUp');
    await view.page.keyboard.press('Tab');
    assert.deepEqual((await view.sent()).at(-1), { type: 'edit', field: 'beta1', value: 0.02 });
  });
});
