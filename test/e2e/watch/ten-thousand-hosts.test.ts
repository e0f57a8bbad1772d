import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Visit } from '../../support/browser.ts';
import { startWatchedDemonstration, type WatchedDemonstration } from '../../support/watched-demonstration.ts';

let demonstration: WatchedDemonstration;
beforeAll(async () => {
  demonstration = await startWatchedDemonstration();
});
afterAll(() => demonstration[Symbol.asyncDispose]());

/** Opens the job of the demonstration that has 10,000 hosts, of which 37 failed. */
async function openBigJob(options: BrowserContextOptions = {}): Promise<Visit> {
  const viewport = { width: 1360, height: 1000 };
  const opened = await demonstration.open('20000000009', { viewport, ...options });
  await opened.page.getByRole('heading', { name: 'Hosts of “patch kernel” (10,000)' }).waitFor();
  return opened;
}

const cell = (page: Page) => page.locator('#grid-cell').innerText();

it('10,000 hosts are on the page at once, without an element for each', async () => {
  const { page, complaints } = await openBigJob();
  const seen = await page.evaluate(() => {
    const { clientHeight, scrollHeight } = document.getElementById('grid')!;
    return { isAll: scrollHeight <= clientHeight, elements: document.querySelectorAll('*').length };
  });
  expect(seen.isAll).toBe(true);
  expect(seen.elements).toBeLessThan(500);
  await page.screenshot({ path: 'reports/watch/ten-thousand-hosts.png', fullPage: true });
  expect(complaints).toEqual([]);
});

it('its cells have a colour for each state, painted and not only promised', async () => {
  const { page } = await openBigJob();
  await page.getByLabel('Order').selectOption('failures first');
  const colours = await page.evaluate(
    () =>
      new Promise<number[][]>((resolve) => {
        requestAnimationFrame(() => {
          const canvas = document.getElementById('grid-canvas') as HTMLCanvasElement;
          const context = canvas.getContext('2d')!;
          // Left edge of the first cell, which failed, and the middle of the fortieth, which did not.
          const at = (x: number, y: number): number[] => [
            ...context.getImageData(x, y, 1, 1).data.slice(0, 3),
          ];
          resolve([at(1, 3), at(40 * 7 + 3, 3)]);
        });
      }),
  );
  const [[red = 0, orange = 0] = [], [dull = 0, green = 0] = []] = colours;
  expect(red - orange).toBeGreaterThan(100);
  expect(green - dull).toBeGreaterThan(50);
});

it('keys lead through all of them, and tell each', async () => {
  const { page } = await openBigJob();
  await page.locator('#grid').focus();
  expect(await cell(page)).toContain('10.20.0.1 · host 100001');
  await page.keyboard.press('End');
  expect(await cell(page)).toContain('10.20.39.250 · host 110000');
  await page.keyboard.press('ArrowLeft');
  expect(await cell(page)).toContain('10.20.39.249');
  await page.keyboard.press('Home');
  expect(await cell(page)).toContain('10.20.0.1');
  expect(await page.locator('#host').innerText()).toContain('10.20.0.1');
});

it('a state can be hidden, cells can be made larger, and the page still answers', async () => {
  const { page } = await openBigJob();
  await page.getByRole('button', { name: '9,963 succeeded' }).click();
  await page.locator('#grid').focus();
  await page.keyboard.press('End');
  expect(await cell(page)).toContain('failed');
  expect(await page.locator('#grid').getAttribute('aria-rowcount')).toBe('1');
  await page.getByRole('button', { name: '9,963 succeeded' }).click();
  await page.getByLabel('Size').selectOption('large');
  await page.locator('#grid').focus();
  await page.keyboard.press('End');
  const scrolled = await page.evaluate(() => document.getElementById('grid')!.scrollTop);
  expect(scrolled).toBeGreaterThan(1000);
  await page.screenshot({ path: 'reports/watch/large-cells.png', fullPage: true });
});

it('hosts that failed alike are one line, which has their addresses to copy', async () => {
  const { page } = await openBigJob();
  const rows = await page.locator('.groups tbody tr:not(.addresses)').allInnerTexts();
  expect(rows.map((row) => Number(row.split(/\s/)[0])).reduce((sum, count) => sum + count)).toBe(37);
  expect(rows[0]).toMatch(/^9\s+patch kernel\s+✕\s*script nonzero exit\s+1\s+disk full/);
  const button = page.getByRole('button', { name: 'Addresses of 9 hosts, script nonzero exit' });
  await button.press('Enter');
  expect(await button.getAttribute('aria-expanded')).toBe('true');
  const addresses = (await page.getByLabel('Addresses, one a line').inputValue()).split('\n');
  expect(addresses).toHaveLength(9);
  expect(addresses.every((address) => /^10\.20\.\d+\.\d+$/.test(address))).toBe(true);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByText('9 copied.').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(addresses.join('\n'));
});

it('it is drawn in dark colours for who prefers them', async () => {
  const { page } = await openBigJob({ colorScheme: 'dark' });
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(16, 21, 27)');
  await page.screenshot({ path: 'reports/watch/dark.png', fullPage: true });
});
