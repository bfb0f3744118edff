import { type Browser, type Frame, type Locator, type Page } from 'playwright-core';
import { exactly, runCommand } from './palette';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** First loads of the workbench take up to 13 s on two cores. */
const PATIENCE_MS = 30_000;
const PICTURES = path.resolve(__dirname, '../../test-results');

/** A user at the workbench: what can be done and seen in a window. */
export class Workbench {
  private constructor(readonly page: Page) {}

  /** Opens a folder of a server in a new window. */
  static async open(browser: Browser, port: number, folder: string, size = { width: 1400, height: 900 }): Promise<Workbench> {
    const page = await (await browser.newContext({ viewport: size })).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder)}`, { waitUntil: 'commit' });
    const workbench = new Workbench(page);
    await workbench.ready();
    return workbench;
  }

  /** Waits until the window can be worked in: the extensions are known a while after the first pixels. */
  async ready(): Promise<void> {
    await this.page.locator('.activitybar .action-label[aria-label*="Mnemonics"]').waitFor();
  }

  /** Keeps a picture of the window, for whoever has to find out why a test failed. */
  async picture(name: string): Promise<void> {
    await mkdir(PICTURES, { recursive: true });
    await this.page.screenshot({ path: path.join(PICTURES, `${name.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 100)}.png`) });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** Runs a command by its full title, as in `Mnemonics: Start Run`. */
  command(title: string): Promise<void> {
    return runCommand(this.page, title);
  }

  /** Chooses from the context menu of a row. A menu takes no click in its first moments. */
  async choose(row: Locator, title: string): Promise<void> {
    await row.click({ button: 'right' });
    const entry = this.page.locator('.context-view .action-label', { hasText: exactly(title) });
    await entry.waitFor();
    await sleep(500);
    await entry.click();
  }

  /** Chooses a row of the open quick pick by its label. */
  async pick(label: string | RegExp): Promise<void> {
    const row = this.page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: label });
    await row.first().click();
  }

  /** Answers the open input box. */
  async answer(text: string): Promise<void> {
    await this.page.locator('.quick-input-widget input.input').fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Opens a container of the activity bar, unless it is open. */
  async openContainer(name: string): Promise<void> {
    const item = this.page.locator('.activitybar .action-item').filter({ has: this.page.locator(`.action-label[aria-label*="${name}"]`) });
    if (!(await item.evaluate((element) => element.classList.contains('checked')))) await item.click();
  }

  /** Opens a file of the explorer. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('Control+P');
    await this.page.locator('.quick-input-widget input.input').fill(name);
    await this.pick(name);
  }

  /** The text of a notification toast that matches; waits for it. */
  async toast(text: RegExp, timeout = PATIENCE_MS): Promise<Locator> {
    const toast = this.page.locator('.notifications-toasts .notification-toast').filter({ hasText: text }).first();
    await toast.waitFor({ timeout });
    return toast;
  }

  /** The status bar's entry whose text matches; waits for it. */
  async statusBar(text: RegExp): Promise<Locator> {
    const item = this.page.locator('.statusbar-item').filter({ hasText: text }).first();
    await item.waitFor();
    return item;
  }

  /** The page of the visible webview in which something matches a selector. Hidden ones and those of other kinds are passed over. */
  async webview(selector: string): Promise<Frame> {
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(100)) {
      for (const frame of this.page.frames()) {
        if (frame.parentFrame()?.parentFrame() !== this.page.mainFrame()) continue;
        const visible = await frame
          .locator(selector)
          .first()
          .isVisible()
          .catch(() => false);
        if (visible) return frame;
      }
    }
    throw new Error(`No visible webview has an element that matches ${selector}.`);
  }

  /** Lines of the open output channel. */
  outputLines(): Promise<string[]> {
    return this.page.locator('.part.panel .view-line').allInnerTexts();
  }

  /** Text of the active text editor, as it is on screen. */
  async editorText(): Promise<string> {
    const lines = await this.page
      .locator('.editor-instance .view-line')
      .evaluateAll((all) =>
        all
          .sort((a, b) => parseInt((a as HTMLElement).style.top) - parseInt((b as HTMLElement).style.top))
          .map((line) => line.textContent ?? ''),
      );
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }

  /** Rows of the tree of a view, as they read. */
  treeRows(view: string): Locator {
    return this.page
      .locator('.pane')
      .filter({ has: this.page.locator(`.pane-header[aria-label^="${view}"]`) })
      .locator('.monaco-list-row');
  }
}
