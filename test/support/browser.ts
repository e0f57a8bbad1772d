import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { chromiumFlags, findChromium } from './chromium.ts';

/** A page in a browser of its own that has never been there. */
export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** Requests to anywhere but the service. Each is refused. */
  readonly strayRequests: readonly string[];
  /** Errors and warnings of the page, its workers and its policy. */
  readonly complaints: readonly string[];
}

/** Starts the Chromium of this machine, without a window. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium(process.env);
  if (executablePath === null) throw new Error('There is no Chromium; `npm run test:e2e` installs it.');
  return chromium.launch({ executablePath, args: chromiumFlags });
}

/** Opens an address. Nothing but the service behind it can be reached from there. */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext(options);
  const strayRequests = await refuseStrayRequests(context, new URL(url).origin);
  const complaints: string[] = [];
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, strayRequests, complaints, [Symbol.asyncDispose]: () => context.close() };
}

async function refuseStrayRequests(context: BrowserContext, origin: string): Promise<readonly string[]> {
  const strayRequests: string[] = [];
  const isStray = (url: URL) => url.origin !== origin && !['data:', 'blob:'].includes(url.protocol);
  await context.route(isStray, async (route) => {
    strayRequests.push(route.request().url());
    await route.abort();
  });
  return strayRequests;
}
