import { type Page } from 'playwright-core';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './eventually';

const ROWS = '.quick-input-widget .monaco-list-row';

/**
 * Runs a command by its full title. The palette shows the commands that were enabled when it was opened, and a window learns
 * only some seconds after its start what is: so it is opened again until the command is there.
 */
export async function runCommand(page: Page, title: string): Promise<void> {
  const name = page.locator('.label-name', { hasText: exactly(title) });
  const row = page.locator(ROWS).filter({ has: name }).first();
  await eventually(`the command ${title}`, async () => {
    await openPalette(page, title);
    const clicked = await succeeds(row.click({ timeout: 3000 }));
    if (!clicked) await page.keyboard.press('Escape');
    return clicked;
  });
}

/** Titles of the palette's rows for a text; nothing is run. */
export async function commandsLike(page: Page, text: string): Promise<string[]> {
  await openPalette(page, text);
  await page.locator(ROWS).first().waitFor();
  await sleep(500); // The list is filled in two goes: commands, then those that only resemble.
  const titles = await page.locator(`${ROWS} .label-name`).allInnerTexts();
  await page.keyboard.press('Escape');
  return titles;
}

/** A label that is this text and nothing more. */
export const exactly = (text: string) => new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);

/** A page that has just opened takes the focus, and the palette closes: it is opened until it stays. */
async function openPalette(page: Page, text: string): Promise<void> {
  const input = page.locator('.quick-input-widget input.input');
  await eventually('the command palette', async () => {
    await page.keyboard.press('F1');
    return succeeds(input.fill(`>${text}`, { timeout: 2000 }));
  });
}

const succeeds = (action: Promise<void>) =>
  action.then(
    () => true,
    () => false,
  );
