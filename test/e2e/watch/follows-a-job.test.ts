import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, visit } from '../../support/browser.ts';
import { startCuttableConnection } from '../../support/cuttable-connection.ts';
import { addControlledJob } from '../../support/live/controlled-job.ts';
import { startTestService } from '../../support/start-test-service.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Fills in the form as a person does. */
async function follow(page: Page, job: string, token = 'alice'): Promise<void> {
  await page.getByLabel('Scope id').fill('2');
  await page.getByLabel('Job', { exact: true }).fill(job);
  await page.getByLabel('Value').fill(token);
  await page.getByRole('button', { name: 'Follow' }).click();
}

/** To be looked at after the run; nothing compares them. */
function photograph(page: Page, name: string): Promise<Buffer> {
  return page.screenshot({ path: `reports/watch/${name}.png`, fullPage: true });
}

const phase = (page: Page, word: string) => page.locator('#job-phase', { hasText: word }).waitFor();
const link = (page: Page, text: string) => page.locator('#link-text', { hasText: text }).waitFor();

/** What changed, first things first. */
async function journal(page: Page): Promise<readonly string[]> {
  return (await page.locator('#journal li span').allInnerTexts()).toReversed();
}

describe('the page', () => {
  it('follows a job that runs, fails, is retried and succeeds', async () => {
    await using service = await startTestService();
    const job = addControlledJob(service.simulator);
    await using opened = await visit(browser, service.watchUrl!, { viewport: { width: 1360, height: 1000 } });
    const { page } = opened;
    await follow(page, job.jobInstanceId);
    await phase(page, 'running');
    await link(page, 'Live');
    expect(await page.locator('#hosts-title').innerText()).toBe('Hosts of “only step” (2)');
    await page.getByText('No host has failed so far.').waitFor();

    job.become(4, { hosts: [9, 11] });
    await phase(page, 'failed');
    await link(page, 'Over; looks for a retry');
    await page.getByRole('button', { name: 'Addresses of 1 host, failed' }).click();
    expect(await page.getByLabel('Addresses, one a line').inputValue()).toBe('192.0.2.2');
    await photograph(page, 'failed');

    job.become(2, { executeCount: 1 });
    await phase(page, 'running');
    expect(await page.locator('#job-attempt').innerText()).toBe('retried, attempt 2');
    await page.getByText('No host has failed so far.').waitFor();
    await photograph(page, 'retried');

    job.become(3, { executeCount: 1, hosts: [9, 9] });
    await phase(page, 'succeeded');
    expect(await journal(page)).toEqual([
      '“controlled” is running.',
      'Step “only step”: 1 more host failed.',
      expect.stringMatching(/^Step “only step”: failed/),
      expect.stringMatching(/^The job is over: failed/),
      'The job was retried and runs again.',
      'Step “only step” is retried, attempt 2.',
      expect.stringMatching(/^Step “only step”: succeeded/),
      expect.stringMatching(/^The job is over: succeeded/),
    ]);
    expect(await page.locator('#announcer').innerText()).toMatch(/The job is over: succeeded/);
    expect([opened.complaints, opened.strayRequests]).toEqual([[], []]);
  });

  it('comes back by itself when its connection breaks, and shows what happened meanwhile', async () => {
    await using service = await startTestService();
    await using connection = await startCuttableConnection(service.graphqlUrl);
    const job = addControlledJob(service.simulator);
    await using opened = await visit(browser, connection.urlOf(service.watchUrl!));
    const { page } = opened;
    await follow(page, job.jobInstanceId);
    await link(page, 'Live');
    connection.cut();
    await link(page, 'Connection lost, next try in');
    expect(await page.locator('#job-phase').innerText()).toContain('running');
    job.become(3, { hosts: [9, 9] });
    connection.mend();
    await phase(page, 'succeeded');
    expect(await page.locator('#hosts-title').innerText()).toContain('(2)');
  });

  it('says why a job is not shown, and lets its reader try again', async () => {
    await using service = await startTestService();
    await using opened = await visit(browser, service.watchUrl!);
    const { page } = opened;
    await follow(page, '20000000004', 'bob');
    await page.getByRole('alert').filter({ hasText: 'PERMISSION_DENIED' }).waitFor();
    await link(page, 'Ended');
    await follow(page, '20000000004', 'alice');
    await phase(page, 'failed');
    expect(await page.locator('#trouble').isVisible()).toBe(false);
  });

  it('refuses what is no number before it asks anybody', async () => {
    await using service = await startTestService();
    await using opened = await visit(browser, service.watchUrl!);
    const { page } = opened;
    await follow(page, '12 monkeys');
    await page.getByText('The job is a number').waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('job-id');
    expect(service.simulator.calls.all()).toEqual([]);
  });

  it('has the job in its address, and its reader nowhere but in the form', async () => {
    await using service = await startTestService();
    await using opened = await visit(browser, service.watchUrl!);
    const { page } = opened;
    await follow(page, '20000000004');
    await phase(page, 'failed');
    expect(new URL(page.url()).hash).toBe('#bkBizId=2&job=20000000004');
    const kept = await page.evaluate(() => [
      document.cookie,
      JSON.stringify(localStorage),
      JSON.stringify(sessionStorage),
      location.href,
      JSON.stringify(history.state),
    ]);
    expect(kept.filter((text) => text.includes('alice'))).toEqual([]);
    await page.reload();
    await page.getByRole('alert').filter({ hasText: 'UNAUTHENTICATED' }).waitFor();
    expect(await page.getByLabel('Value').inputValue()).toBe('');
  });

  it('stops when it is told to, and leaves what it showed', async () => {
    await using service = await startTestService();
    const job = addControlledJob(service.simulator);
    await using opened = await visit(browser, service.watchUrl!);
    const { page } = opened;
    await follow(page, job.jobInstanceId);
    await link(page, 'Live');
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await link(page, 'Not following');
    expect(await page.getByLabel('Job', { exact: true }).isEnabled()).toBe(true);
    expect(await page.locator('#job-phase').innerText()).toContain('running');
  });
});
