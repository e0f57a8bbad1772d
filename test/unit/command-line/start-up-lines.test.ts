import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../../src/config/load-settings.ts';
import type { RunningService } from '../../../src/service.ts';
import { startUpLines } from '../../../src/start-up-lines.ts';
import { noFile } from '../../support/load-settings.ts';

const realService: RunningService = {
  graphqlUrl: 'http://127.0.0.1:4000/graphql',
  graphiqlUrl: null,
  watchUrl: null,
  simulator: null,
  healthUrl: 'http://127.0.0.1:4000/health',
  metricsUrl: null,
  stopBeingReady: () => undefined,
  endLateClients: () => false,
  close: () => Promise.resolve(),
};
const esb = {
  NODE_ENV: 'production',
  BKJOB_GQL__UPSTREAM__KIND: 'esb',
  BKJOB_GQL__UPSTREAM__BASE_URL: 'https://esb.example.com',
  BKJOB_GQL__UPSTREAM__APP_CODE: 'app',
  BKJOB_GQL__UPSTREAM__APP_SECRET: 's3cret',
};

describe('what the start says before a real bk-job', () => {
  it('is where it listens, what it asks and what to try, without an invented job or user', () => {
    expect(startUpLines(realService, loadSettings(esb, noFile), 20_000)).toEqual([
      'bkjob-graphql listens on http://127.0.0.1:4000/graphql, upstream: bk-job through esb at https://esb.example.com',
      '  Fill in your sign-in, a business and a job, and try:',
      `  curl -s http://127.0.0.1:4000/graphql -H 'content-type: application/json' -H 'X-Bkapi-Authorization: {"bk_token":""}' -d '{"query":"{ jobInstance(scope: {bkBizId: \\"\\"}, jobInstanceId: \\"\\") { name phase } }"}'`,
    ]);
  });

  it('names the explorers that are on', () => {
    const environment = { ...esb, BKJOB_GQL__SERVER__SANDBOX: 'on', BKJOB_GQL__SERVER__GRAPHIQL: 'on' };
    const service = { ...realService, graphiqlUrl: 'http://127.0.0.1:4000/graphiql' };
    expect(startUpLines(service, loadSettings(environment, noFile), null).slice(1, 3)).toEqual([
      '  Apollo Sandbox in a browser: http://127.0.0.1:4000/graphql',
      '  GraphiQL, without a network: http://127.0.0.1:4000/graphiql',
    ]);
  });

  it('tells where the limit of open files leaves room for fewer connections than were set', () => {
    expect(startUpLines(realService, loadSettings(esb, noFile), 1024)[1]).toBe(
      '  Connections of clients: 860 at most, not 15000 (server.max_connections), since the process may have 1024 files open (ulimit -n)',
    );
  });

  it('has no secret in it', () => {
    expect(startUpLines(realService, loadSettings(esb, noFile), null).join('\n')).not.toContain('s3cret');
  });
});
