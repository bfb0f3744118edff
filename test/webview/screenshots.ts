import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { demoEvents, upTo } from './fixtures/events';
import {
  checkpointSnapshot,
  confusionMessage,
  confusionOf,
  dashboardSnapshot,
  exemplarFilePixels,
  exemplarFileSnapshot,
  exemplarsOf,
  panelSnapshot,
  reportData,
  statisticsOf,
} from './fixtures/snapshots';
import { launchChromium } from '../chromium';
import { openReport, openView, type View, type ViewOptions } from './harness/browser';
import { bundlePages } from './harness/bundle';
import { THEMES, type ThemeName } from './themes';

/**
 * Writes a PNG of every page in every theme and width, to be looked at: `npx tsx test/webview/screenshots.ts [FOLDER] [FILTER]`.
 */
const folder = process.argv[2] ?? 'test-results/screenshots';
const filter = process.argv[3] ?? '';
const events = demoEvents({ eventful: true });
let dist = '';

type Shot = (browser: Browser, options: ViewOptions) => Promise<View>;
const SHOTS: Record<string, Shot> = {
  'dashboard-running': async (browser, options) => {
    const view = await openView(browser, dist, 'dashboard', options);
    await view.post(dashboardSnapshot(upTo(events, 0.62)));
    await view.post(exemplarsOf(2));
    await view.post(confusionMessage(2));
    return view;
  },
  'dashboard-tables': async (browser, options) => {
    const view = await openView(browser, dist, 'dashboard', {
      ...options,
      state: {
        timelineTable: true,
        accuracyTable: true,
        forgettingTable: true,
        changesTable: true,
        lossTable: true,
        ageTable: true,
        movedTable: true,
        confusionTable: true,
        classTable: true,
      },
    });
    await view.post(dashboardSnapshot(events, 'ended'));
    await view.post(exemplarsOf(5));
    await view.post(confusionMessage(5));
    return view;
  },
  'dashboard-begin': async (browser, options) => {
    const view = await openView(browser, dist, 'dashboard', options);
    await view.post(dashboardSnapshot(upTo(events, 0.01), 'elsewhere'));
    return view;
  },
  'dashboard-large': async (browser, options) => {
    const view = await openView(browser, dist, 'dashboard', options);
    const large = demoEvents({ config: { dataSet: 'cifar100', phases: 25, name: 'cifar100 N25', host: 'lwf' }, eventful: true });
    await view.post(dashboardSnapshot(upTo(large, 0.7)));
    await view.post({ ...exemplarsOf(0), phase: 17 });
    await view.post({ type: 'confusion', phase: 17, confusion: confusionOf(84), error: null });
    return view;
  },
  panel: async (browser, options) => {
    const view = await openView(browser, dist, 'panel', {
      ...options,
      state: { open: { 'Loss and exemplars': true, Experiment: true, Memory: true, Training: true, Mnemonics: true, 'Fine-tuning': true } },
    });
    const values = { name: 'demo', phases: 5, lambda: 0.7, epochs: 8, momentum: 1.5, lamda: 3 };
    await view.post(
      panelSnapshot(values, {
        running: panelSnapshot().defaults,
        files: [
          { path: 'demo.mnemonics.json', name: 'demo.mnemonics.json' },
          { path: 'paper.mnemonics.json', name: 'paper.mnemonics.json' },
        ],
      }),
    );
    return view;
  },
  'panel-empty': async (browser, options) => {
    const view = await openView(browser, dist, 'panel', options);
    await view.post(panelSnapshot({}, { file: null, files: [], problems: [] }));
    return view;
  },
  checkpoint: async (browser, options) => {
    const view = await openView(browser, dist, 'checkpoint', options);
    const snapshot = checkpointSnapshot();
    await view.post({ ...snapshot, metadata: { ...snapshot.metadata, sha256: '7d1a'.repeat(16) } });
    await view.post({ type: 'checked', error: null });
    await view.page.locator('[data-tensor="layer1.0.conv1.weight"]').click();
    await view.post({
      type: 'statistics',
      name: 'layer1.0.conv1.weight',
      statistics: statisticsOf('layer1.0.conv1.weight', 2304),
      error: null,
    });
    return view;
  },
  'checkpoint-damaged': async (browser, options) => {
    const view = await openView(browser, dist, 'checkpoint', options);
    const snapshot = checkpointSnapshot();
    await view.post({ ...snapshot, metadata: { ...snapshot.metadata, sha256: '7d1a'.repeat(16) } });
    const message =
      'runs/demo/phase-05/model.safetensors is damaged: its content does not have the checksum that it was written with; restore it from a copy.';
    await view.post({ type: 'checked', error: { code: 'run-folder', message, exitCode: 5 } });
    return view;
  },
  'checkpoint-exemplars': async (browser, options) => {
    const view = await openView(browser, dist, 'checkpoint', options);
    await view.post(exemplarFileSnapshot());
    await view.post(exemplarFilePixels());
    return view;
  },
  report: (browser, options) => openReport(browser, dist, reportData(['demo']), options),
  'report-compared': (browser, options) => openReport(browser, dist, reportData(['mnemonics', 'herding', 'random']), options),
};

async function main(): Promise<void> {
  dist = await bundlePages();
  mkdirSync(folder, { recursive: true });
  const browser = await launchChromium();
  for (const [name, shoot] of Object.entries(SHOTS)) {
    if (!name.includes(filter)) continue;
    for (const theme of Object.keys(THEMES) as ThemeName[]) {
      if (name.startsWith('report') && theme === 'hc') continue;
      for (const width of name.startsWith('panel') ? [220, 380] : [500, 1400]) {
        const view = await shoot(browser, { theme, width, height: 900 });
        await view.page.waitForTimeout(150);
        const file = path.join(folder, `${name}-${theme}-${width}.png`);
        await view.page.screenshot({ path: file, fullPage: true });
        console.log(file, ...view.complaints);
        await view.close();
      }
    }
  }
  await browser.close();
}

void main();
