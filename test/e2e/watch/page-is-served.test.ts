import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { startService } from '../../../src/service.ts';
import { startTestService } from '../../support/start-test-service.ts';

async function open(url: string | URL) {
  const response = await fetch(url, { headers: { accept: 'text/html' } });
  return { status: response.status, headers: response.headers, page: await response.text() };
}

describe('the page that follows a job', () => {
  it('allows its one script and its one style sheet by their hashes, and no address but this service', async () => {
    await using service = await startTestService();
    const { status, headers, page } = await open(service.watchUrl!);
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'sha256-[\w+/]+='; style-src 'sha256-[\w+/]+='; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    expect(page).not.toMatch(/https?:\/\/|<script[^>]* src|<link[^>]* href="(?!data:)|\bstyle="|\bon\w+="/);
    expect(page.length).toBeLessThan(100_000);
  });

  it('is filled in for the demonstration, and names no job and no user before a real bk-job', async () => {
    const settings = loadSettings({ BKJOB_GQL__SERVER__PORT: '0' }, () => '');
    const demonstration = await startService(settings, { report: () => undefined });
    const { page } = await open(demonstration.watchUrl!);
    await demonstration.close();
    expect(page).toContain(
      '"first":{"scopeKind":"bkBizId","scopeId":"2","jobInstanceId":"20000000022","token":"alice"}',
    );

    await using service = await startTestService();
    const before = (await open(service.watchUrl!)).page;
    expect(before).toContain('"first":null');
    expect(
      ['demo_secret', 'demo_app', 'alice', '20000000022'].filter((word) => before.includes(word)),
    ).toEqual([]);
  });

  it('is not there in production unless it is switched on, at the path that it is given', async () => {
    const production = { NODE_ENV: 'production' };
    await using off = await startTestService({ environment: production });
    expect(off.watchUrl).toBeNull();
    expect((await open(new URL('/watch', off.graphqlUrl))).status).toBe(404);

    await using on = await startTestService({
      environment: {
        ...production,
        BKJOB_GQL__SERVER__WATCH: 'on',
        BKJOB_GQL__SERVER__WATCH_PATH: '/follow',
      },
    });
    expect(new URL(on.watchUrl!).pathname).toBe('/follow');
    expect((await open(on.watchUrl!)).status).toBe(200);
  });
});
