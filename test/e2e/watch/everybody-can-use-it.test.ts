import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWatchedDemonstration, type WatchedDemonstration } from '../../support/watched-demonstration.ts';

let demonstration: WatchedDemonstration;
beforeAll(async () => {
  demonstration = await startWatchedDemonstration();
});
afterAll(() => demonstration[Symbol.asyncDispose]());

async function openFailedJob(options: BrowserContextOptions = {}): Promise<Page> {
  const { page } = await demonstration.open('20000000004', options);
  await page.locator('#job-phase', { hasText: 'failed' }).waitFor();
  return page;
}

/** Contrast of every text with what is behind it (WCAG 2.2, 1.4.3), where it is too small. */
function faintTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext(
      '2d',
      {
        willReadFrequently: true,
      },
    )!;
    const paint = (colours: readonly string[]): readonly number[] => {
      for (const colour of colours) {
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
      }
      return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    };
    const luminance = (rgb: readonly number[]): number => {
      const [red = 0, green = 0, blue = 0] = rgb.map((part) =>
        part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const grounds = (element: Element): string[] => {
      const own = getComputedStyle(element).backgroundColor;
      return element.parentElement === null ? [own] : [...grounds(element.parentElement), own];
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const faint: string[] = [];
    while (walker.nextNode() !== null) {
      const { parentElement: element, textContent: text } = walker.currentNode;
      // A control that cannot be used may be faint.
      if (!element?.checkVisibility() || !text?.trim() || element.closest('.unseen, :disabled, script'))
        continue;
      const behind = grounds(element);
      const lights = [paint(behind), paint([...behind, getComputedStyle(element).color])].map(luminance);
      const ratio = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
      if (ratio < 4.5) faint.push(`${text.trim()}: ${ratio.toFixed(2)}`);
    }
    return faint;
  });
}

describe('the page that follows a job', () => {
  it.each(['light', 'dark'] as const)('can be read in %s colours', async (colorScheme) => {
    expect(await faintTexts(await openFailedJob({ colorScheme }))).toEqual([]);
  });

  it('names every control, and everything that has a role', async () => {
    const page = await openFailedJob();
    const nameless = await page.evaluate(() => {
      const nameOf = (element: Element): string =>
        element.getAttribute('aria-label') ??
        [...((element as HTMLInputElement).labels ?? [])].map(({ textContent }) => textContent).join(' ') +
          (element.getAttribute('aria-labelledby') ?? '')
            .split(' ')
            .map((id) => document.getElementById(id)?.textContent ?? '')
            .join(' ') +
          (['BUTTON', 'A'].includes(element.tagName) ? element.textContent : '');
      const controls = document.querySelectorAll(
        'button, a, input, select, textarea, section, [role=grid], [role=group], [role=region], [tabindex="0"]',
      );
      return [...controls]
        .filter((element) => nameOf(element).trim() === '')
        .map(({ outerHTML }) => outerHTML);
    });
    expect(nameless).toEqual([]);
  });

  it('is gone through by Tab in the order in which it is read', async () => {
    const page = await openFailedJob();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByRole('link', { name: 'Skip to the job' }).focus();
    const reached: string[] = [];
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab');
      reached.push(
        await page.evaluate(() => {
          const { id, textContent } = document.activeElement!;
          return id === '' || id.startsWith('group-') ? textContent : id;
        }),
      );
      if (reached.at(-1) === 'grid') break;
    }
    expect(reached.map((text) => text.replace(/^[✓✕○]/, ''))).toEqual([
      'scope-kind',
      'scope-id',
      'job-id',
      'proof-kind',
      'proof',
      'tenant',
      'follow',
      expect.stringMatching(/^check disk space/),
      expect.stringMatching(/^restart order-service/),
      expect.stringMatching(/^copy package to standby/),
      'failures',
      'Addresses',
      'Addresses',
      'Addresses',
      'order',
      'size',
      expect.stringMatching(/failed$/),
      expect.stringMatching(/stopped$/),
      expect.stringMatching(/not recognized$/),
      expect.stringMatching(/running$/),
      expect.stringMatching(/pending$/),
      expect.stringMatching(/succeeded$/),
      'grid',
    ]);
  });

  it('tells a screen reader what it shows', async () => {
    const page = await openFailedJob();
    await page.locator('#grid').focus();
    const [failures, hosts, status] = await Promise.all([
      page.getByRole('table').ariaSnapshot(),
      page.getByRole('grid').ariaSnapshot(),
      page.locator('#announcer').innerText(),
    ]);
    expect(failures).toContain('table "Hosts that failed or were stopped, those that are alike together"');
    expect(failures).toContain('row "1 restart order-service script nonzero exit 7 port in use');
    expect(failures).toContain('button "Addresses of 1 host, script nonzero exit"');
    expect(hosts).toContain('gridcell "192.0.2.1 · host 101 · succeeded');
    expect(status).toBe('“deploy order-service 2.8.1” is over: failed.');
  });

  it('shows its parts below each other where there is no room beside, and nothing leaves the screen', async () => {
    const page = await openFailedJob({ viewport: { width: 390, height: 844 } });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.screenshot({ path: 'reports/watch/narrow.png', fullPage: true });
  });
});
