import type { BrowserContextOptions } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { loadSettings } from '../../src/config/load-settings.ts';
import { startService } from '../../src/service.ts';
import { launchBrowser, visit, type Visit } from './browser.ts';

/** The demonstration, and a browser to watch its jobs in. */
export interface WatchedDemonstration extends AsyncDisposable {
  /** Opens the page at a job of business 2, for as long as the test runs. */
  open(jobInstanceId: string, options?: BrowserContextOptions): Promise<Visit>;
}

/** Starts the service as `npm start` does, and a browser. */
export async function startWatchedDemonstration(): Promise<WatchedDemonstration> {
  const settings = loadSettings({ BKJOB_GQL__SERVER__PORT: '0' }, () => '');
  const service = await startService(settings, { report: () => undefined });
  const browser = await launchBrowser();
  return {
    open: async (jobInstanceId, options) => {
      const url = `${service.watchUrl ?? ''}#bkBizId=2&job=${jobInstanceId}`;
      const opened = await visit(browser, url, options);
      onTestFinished(() => opened[Symbol.asyncDispose]());
      return opened;
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await service.close();
    },
  };
}
