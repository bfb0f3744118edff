import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { FIELD_GROUPS } from '../../src/protocol/config';
import { demoEvents, upTo } from './fixtures/events';
import {
  checkpointSnapshot,
  confusionMessage,
  dashboardSnapshot,
  exemplarFilePixels,
  exemplarFileSnapshot,
  exemplarsOf,
  panelSnapshot,
  reportData,
  statisticsOf,
} from './fixtures/snapshots';
import type { View, ViewOptions } from './harness/browser';
import { webviewSuite } from './harness/suite';
import { THEMES, type ThemeName } from './themes';

const suite = webviewSuite();
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const TABLES = ['timeline', 'accuracy', 'forgetting', 'changes', 'loss', 'age', 'moved', 'confusion', 'class'];

/** Every page with everything open that can be. */
const PAGES: Record<string, (options: ViewOptions) => Promise<View>> = {
  dashboard: async (options) => {
    const view = await suite.open('dashboard', {
      ...options,
      state: Object.fromEntries(TABLES.map((table) => [`${table}Table`, true])),
    });
    await view.post(dashboardSnapshot(upTo(demoEvents({ eventful: true }), 0.62)));
    await view.post(exemplarsOf(2));
    await view.post(confusionMessage(2));
    return view;
  },
  panel: async (options) => {
    const open = Object.fromEntries(FIELD_GROUPS.map((g) => [g, true]));
    const view = await suite.open('panel', { ...options, state: { open } });
    await view.post(panelSnapshot({ lambda: 0.7, momentum: 3, lamda: 1 }, { running: panelSnapshot().defaults }));
    return view;
  },
  checkpoint: async (options) => {
    const view = await suite.open('checkpoint', options);
    await view.post(checkpointSnapshot());
    await view.page.locator('[data-tensor="fc.weight"]').click();
    await view.post({ type: 'statistics', name: 'fc.weight', statistics: statisticsOf('fc.weight', 640), error: null });
    return view;
  },
  'exemplar file': async (options) => {
    const view = await suite.open('checkpoint', options);
    await view.post(exemplarFileSnapshot());
    await view.post(exemplarFilePixels());
    return view;
  },
  report: (options) => suite.openReport(reportData(['a', 'b']), options),
};

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** Serious and critical findings of axe-core, run past the page's CSP as a browser extension would. */
async function violations(view: View): Promise<string[]> {
  const session = await view.page.context().newCDPSession(view.page);
  const evaluate = async (expression: string) =>
    (await session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })).result.value as unknown;
  await evaluate(axe);
  const found = JSON.parse(
    String(await evaluate('axe.run(document, { resultTypes: ["violations"] }).then((r) => JSON.stringify(r.violations))')),
  ) as Violation[];
  return found
    .filter((v) => ['serious', 'critical'].includes(v.impact))
    .map((v) => `${v.id}: ${v.nodes.map((n) => `${n.html.slice(0, 160)} ${n.failureSummary}`).join('\n  ')}`);
}

for (const [name, open] of Object.entries(PAGES)) {
  describe(`Appearance of the ${name}`, () => {
    for (const theme of Object.keys(THEMES) as ThemeName[]) {
      it(`has no serious accessibility violation in the ${theme} theme`, async () => {
        const view = await open({ theme, width: name === 'panel' ? 300 : 1200 });
        assert.deepEqual(await violations(view), []);
      });
    }
    for (const width of name === 'panel' ? [220, 500] : [500, 1400]) {
      it(`does not scroll sideways at ${width} pixels`, async () => {
        const view = await open({ width });
        const [content, room] = await view.page.evaluate(() => [
          document.documentElement.scrollWidth,
          document.documentElement.clientWidth,
        ]);
        assert.ok((content ?? 0) <= (room ?? 0), `${content} in ${room}`);
      });
    }
  });
}

describe('Themes', () => {
  it('are followed by the canvases when they change', async () => {
    const view = await PAGES['dashboard']?.({ theme: 'dark' });
    assert.ok(view);
    const picture = () => view.page.locator('.chart-accuracy canvas').evaluate((c) => (c as HTMLCanvasElement).toDataURL());
    const dark = await picture();
    await view.page.evaluate((variables) => {
      for (const [variable, value] of Object.entries(variables)) document.documentElement.style.setProperty(`--vscode-${variable}`, value);
      document.body.className = 'vscode-light';
    }, THEMES.light.variables);
    await view.page.waitForTimeout(200);
    assert.notEqual(await picture(), dark);
  });
});
