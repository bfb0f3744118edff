import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { ReportData } from '../../../src/protocol/reportData';
import { reportPage } from '../../../src/store/reportPage';
import { THEMES, type ThemeName } from '../themes';
import type { PageName } from './bundle';
import { ORIGIN, webviewHtml } from './shell';

export interface View {
  readonly page: Page;
  /** Messages that the page sent to its host, oldest first. */
  sent(): Promise<{ type: string; [key: string]: unknown }[]>;
  /** A message from the host. */
  post(message: unknown): Promise<void>;
  /** What went wrong: uncaught errors, console errors and warnings, CSP violations. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export interface ViewOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly state?: unknown;
}

/** As text, because the loader of these tests adds helpers to functions which a page does not have. */
const IMITATION = `
  document.addEventListener('securitypolicyviolation', (e) => console.error('CSP: ' + e.violatedDirective + ' ' + e.blockedURI));
  window.hostSent = [];
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => window.hostSent.push(structuredClone(message)),
    getState: () => window.hostState,
    setState: (state) => (window.hostState = state),
  })`;

/** Opens a page in a shell that imitates VS Code's webview: only `acquireVsCodeApi` is imitated, the rest is the real page. */
export async function openView(browser: Browser, dist: string, name: PageName, options: ViewOptions = {}): Promise<View> {
  const view = await newPage(browser, dist, options);
  await view.page.addInitScript({ content: `${IMITATION}; window.hostState = ${JSON.stringify(options.state) ?? 'undefined'};` });
  await view.page.route(`${ORIGIN}/`, (route) =>
    route.fulfill({ contentType: 'text/html', body: webviewHtml(name, THEMES[options.theme ?? 'dark']) }),
  );
  await view.page.goto(`${ORIGIN}/`);
  return view;
}

/** Opens a report as a plain web page, as a reader would. */
export async function openReport(browser: Browser, dist: string, data: ReportData, options: ViewOptions = {}): Promise<View> {
  const view = await newPage(browser, dist, options);
  const text = (file: string) => readFileSync(path.join(dist, file), 'utf8');
  const html = reportPage(data, 'Report', { css: text('report.css'), js: text('report.js') });
  await view.page.emulateMedia({ colorScheme: options.theme === 'light' ? 'light' : 'dark' });
  await view.page.route(`${ORIGIN}/`, (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await view.page.goto(`${ORIGIN}/`);
  return view;
}

async function newPage(browser: Browser, dist: string, { width = 1400, height = 1000 }: ViewOptions): Promise<View> {
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(5000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(`${message.type()}: ${message.text()}`));
  await page.route(`${ORIGIN}/*.{js,css}`, (route) =>
    route.fulfill({ path: path.join(dist, path.basename(new URL(route.request().url()).pathname)) }),
  );
  await page.route(`${ORIGIN}/favicon.ico`, (route) => route.fulfill({ status: 204 }));
  return {
    page,
    complaints,
    sent: () => page.evaluate(() => Reflect.get(window, 'hostSent') as { type: string }[]),
    // Two frames later everything that a message asks for is drawn.
    post: (message) =>
      page.evaluate((m) => {
        window.postMessage(m, '*');
        return new Promise<void>((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => done())), 30));
      }, message),
    close: () => context.close(),
  };
}
