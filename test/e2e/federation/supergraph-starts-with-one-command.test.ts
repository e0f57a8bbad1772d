import { describe, expect, it } from 'vitest';
import { runExample } from '../../support/run-program.ts';
import type { GraphqlAnswer } from '../../support/start-test-service.ts';

/** The last line that is ready to paste, taken apart as a shell would. */
function pasteable(text: string): { readonly url: string; readonly init: RequestInit } {
  const [, url = '', headers = '', body = ''] = /^curl -s (\S+)(.*?) -d '(.*)'$/m.exec(text) ?? [];
  const pairs = [...headers.matchAll(/-H '(.*?): (.*?)'/g)].map(([, name = '', value = '']) => [name, value]);
  return {
    url,
    init: { method: 'POST', headers: Object.fromEntries(pairs) as Record<string, string>, body },
  };
}

async function ask(url: string, init: RequestInit): Promise<GraphqlAnswer> {
  return (await (await fetch(url, init)).json()) as GraphqlAnswer;
}

describe('`npm run supergraph`', () => {
  it('prints a line to paste that joins a job with the names of its failed hosts, and ends it all', async () => {
    await using program = runExample('supergraph/start.ts', { environment: { PORT: '0' } });
    const text = await program.written(/^curl .*\n/m);
    const { url, init } = pasteable(text);

    const { data, errors } = await ask(url, init);
    expect(errors).toBeUndefined();
    const { ipResults } = data?.['jobInstance'] as { ipResults: { ip: string; host: { name: string } }[] };
    expect(ipResults.map(({ host }) => host.name)).toEqual(['host-103', 'host-106', 'host-110']);

    const { 'X-Bkapi-Authorization': _proof, ...others } = init.headers as Record<string, string>;
    const nobody = await ask(url, { ...init, headers: others });
    expect(nobody.errors?.map(({ extensions }) => extensions['code'])).toEqual(['UNAUTHENTICATED']);

    program.signal('SIGINT');
    expect(await program.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    for (const [address] of text.matchAll(/http:\/\/127\.0\.0\.1:\d+/g)) {
      await expect(fetch(address)).rejects.toThrow();
    }
  });

  it('passes a job on to who follows it there', async () => {
    await using program = runExample('supergraph/start.ts', { environment: { PORT: '0' } });
    const { url, init } = pasteable(await program.written(/^curl .*\n/m));
    const query = `subscription { jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") {
      phase ipResults(phase: FAILED, limit: 1) { host { name } } } }`;
    const headers = { ...(init.headers as Record<string, string>), accept: 'text/event-stream' };
    const stream = await fetch(url, { ...init, headers, body: JSON.stringify({ query }) });
    const job = { phase: 'FAILED', ipResults: [{ host: { name: 'host-103' } }] };
    expect(await stream.text()).toContain(`data: ${JSON.stringify({ data: { jobInstanceUpdated: job } })}`);
    program.signal('SIGINT');
    expect(await program.ended).toMatchObject({ code: 0 });
  });

  it('leaves nothing behind where its port is taken', async () => {
    await using first = runExample('supergraph/start.ts', { environment: { PORT: '0' } });
    const { url } = pasteable(await first.written(/^curl .*\n/m));
    await using second = runExample('supergraph/start.ts', { environment: { PORT: new URL(url).port } });
    const { code, stderr } = await second.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('EADDRINUSE');
    first.signal('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 0, stderr: '' });
  });
});
