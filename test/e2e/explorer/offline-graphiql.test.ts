import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { firstOperation } from '../../../src/server/explorer/first-operation.ts';
import { startService, type RunningService } from '../../../src/service.ts';
import { launchBrowser, visit as visitPage, type Visit } from '../../support/browser.ts';

let service: RunningService;
let browser: Browser;

beforeAll(async () => {
  const settings = loadSettings({ BKJOB_GQL__SERVER__PORT: '0' }, () => '');
  service = await startService(settings, { report: () => undefined });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await service.close();
});

/** Opens the IDE in a browser of its own that has never been there. */
async function visit(): Promise<Visit> {
  const opened = await visitPage(browser, service.graphiqlUrl!, { viewport: { width: 1400, height: 1600 } });
  onTestFinished(() => opened[Symbol.asyncDispose]());
  await opened.page.locator('.graphiql-query-editor .view-line').first().waitFor();
  return opened;
}

interface Answer {
  readonly data: {
    readonly jobInstance: {
      readonly name: string;
      readonly phase: string;
      readonly ipResultSummary: { readonly failed: number };
      readonly ipResults: readonly { readonly ip: string; readonly status: string }[];
    };
  };
}

/** Runs what stands in the editor and gives the answer as it came over HTTP. */
async function run(page: Page): Promise<Answer> {
  await page.locator('.graphiql-query-editor .view-line').first().click();
  const [response] = await Promise.all([
    page.waitForResponse((candidate) => candidate.request().postData()?.includes('FailedHosts') === true),
    page.keyboard.press('Control+Enter'),
  ]);
  expect(response.status()).toBe(200);
  return (await response.json()) as Answer;
}

describe('GraphiQL in a browser that has no network', () => {
  it('runs the operation it opens with and shows the failed hosts', async () => {
    const { page, strayRequests, complaints } = await visit();
    const { jobInstance } = (await run(page)).data;

    expect(jobInstance.phase).toBe('FAILED');
    expect(jobInstance.ipResults.length).toBeGreaterThan(0);
    expect(jobInstance.ipResults).toHaveLength(jobInstance.ipResultSummary.failed);
    const shown = page.locator('.result-window');
    await shown.getByText('"ipResults"').waitFor();
    const text = await shown.innerText();
    for (const { ip, status } of jobInstance.ipResults) {
      expect(text).toContain(ip);
      expect(text).toContain(status);
    }
    expect(complaints).toEqual([]);
    expect(strayRequests).toEqual([]);
  });

  it('knows the schema: it marks a field that does not exist', async () => {
    const { page, strayRequests } = await visit();
    await page.locator('.graphiql-query-editor .view-line', { hasText: 'finished' }).click();
    await page.keyboard.press('End');
    await page.keyboard.type(' nonsense ');
    await page.locator('.graphiql-query-editor .squiggly-error').first().waitFor();
    expect(strayRequests).toEqual([]);
  });

  it('keeps no credential for the next visit', async () => {
    const { page } = await visit();
    await run(page);
    await page.waitForFunction(() => localStorage.getItem('graphiql:tabState') !== null);
    const kept = await page.evaluate(() => JSON.stringify(localStorage));
    expect(kept).toContain('FailedHosts');
    expect(kept).not.toContain('bk_token');
  });

  it('may not reach another address, even if a script in it tries', async () => {
    const { page, complaints } = await visit();
    const outcome = await page.evaluate(
      (url) =>
        fetch(url, { mode: 'no-cors' }).then(
          () => 'reached',
          () => 'refused',
        ),
      `${service.simulator!.url}/simulator/calls`,
    );
    expect(outcome).toBe('refused');
    expect(complaints.join()).toContain("connect-src 'self'");
  });
});

describe('the page of GraphiQL', () => {
  async function get(headers: Readonly<Record<string, string>> = {}) {
    const response = await fetch(service.graphiqlUrl!, { headers });
    // Read to the end even where only headers matter: an answer half read keeps the service from closing.
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  it('allows its one script by its hash, and no address', async () => {
    const { page } = await visit();
    const sources = await page.evaluate(() =>
      [...document.scripts].filter(({ type }) => type === '').map(({ src }) => src),
    );
    expect(sources).toEqual(['']);
    const policy = (await get()).headers.get('content-security-policy')!;
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[\w+/=]+';/);
    expect(policy).not.toContain('http');
  });

  it('comes compressed where the client can read that, and plain where it cannot', async () => {
    const compressed = await get({ 'accept-encoding': 'gzip' });
    const plain = await get({ 'accept-encoding': 'gzip;q=0, identity' });
    expect(compressed.headers.get('content-encoding')).toBe('gzip');
    expect(Number(compressed.headers.get('content-length'))).toBeLessThan(3_000_000);
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(plain.text === compressed.text).toBe(true);
  });

  it('is not sent again while it is the same', async () => {
    const first = await get();
    const again = await get({ 'if-none-match': first.headers.get('etag')! });
    expect(again).toMatchObject({ status: 304, text: '' });
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
  });

  it('names the job and the user of the demonstration, since bk-job is the embedded one', async () => {
    const { text } = await get();
    const { document, variables, headers } = firstOperation({ embeddedUpstream: true });
    for (const part of [document, JSON.stringify(variables, null, 2), JSON.stringify(headers, null, 2)]) {
      expect(text.includes(JSON.stringify(part))).toBe(true);
    }
  });
});
