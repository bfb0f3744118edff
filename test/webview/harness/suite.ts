import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import type { ReportData } from '../../../src/protocol/reportData';
import { launchChromium } from '../../chromium';
import { openReport, openView, type View, type ViewOptions } from './browser';
import { bundlePages, type PageName } from './bundle';

export interface Suite {
  open(name: PageName, options?: ViewOptions): Promise<View>;
  openReport(data: ReportData, options?: ViewOptions): Promise<View>;
}

/** One browser and one bundle for a file's tests. After each test the pages it opened are closed, and must have had nothing to complain about. */
export function webviewSuite(): Suite {
  let browser: Browser;
  let dist: string;
  let views: View[] = [];
  before(async () => {
    dist = await bundlePages();
    browser = await launchChromium();
  });
  after(async () => {
    await browser.close();
    rmSync(dist, { recursive: true, force: true });
  });
  afterEach(async () => {
    const complaints = views.flatMap((v) => v.complaints);
    for (const view of views) await view.close();
    views = [];
    assert.deepEqual(complaints, []);
  });
  const kept = async (opening: Promise<View>) => {
    const view = await opening;
    views.push(view);
    return view;
  };
  return {
    open: (name, options) => kept(openView(browser, dist, name, options)),
    openReport: (data, options) => kept(openReport(browser, dist, data, options)),
  };
}
