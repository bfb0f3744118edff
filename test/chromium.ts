import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];

/** The Chromium of this machine; `CHROMIUM` names another one. */
export function chromiumPath(): string {
  const found = [process.env.CHROMIUM, ...CANDIDATES].find((file) => file && existsSync(file));
  if (!found) throw new Error('No Chromium was found: install the package "chromium", or name one with the variable CHROMIUM.');
  return found;
}

/** A headless browser that asks no server but those of the test for anything. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
