/**
 * `npm run supergraph`: the built service on its embedded bk-job, a CMDB and a gateway in front of both. PORT is that of
 * the gateway. Ctrl-C ends them all.
 */
import { startCmdbSubgraph, cmdbSubgraphSdl } from './cmdb-subgraph.ts';
import { composers, fetchSubgraphSdl } from './compose.ts';
import { startHiveGateway } from './hive-gateway.ts';
import { startJobService } from './job-service.ts';

const joined = `{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { name phase ipResults(phase: FAILED) { ip status host { name os } } } }`;

const started: AsyncDisposable[] = [];

function keep<Started extends AsyncDisposable>(one: Started): Started {
  started.push(one);
  return one;
}

async function start(port: number): Promise<void> {
  const service = keep(await startJobService());
  const cmdb = keep(
    await startCmdbSubgraph(new Map([['web-2.8.1', { bkBizId: '2', jobInstanceId: '20000000004' }]])),
  );
  const supergraphSdl = composers['@apollo/composition']([
    { name: 'jobs', url: service.url, sdl: await fetchSubgraphSdl(service.url) },
    { name: 'cmdb', url: cmdb.url, sdl: cmdbSubgraphSdl },
  ]);
  const gateway = keep(await startHiveGateway({ supergraphSdl, port }));
  console.log(`Jobs:       ${service.url}
CMDB:       ${cmdb.url}
Supergraph: ${gateway.url}

A job, its failed hosts and what the CMDB calls them, ready to paste. Without its second header it is refused.

curl -s ${gateway.url} -H 'content-type: application/json' -H 'X-Bkapi-Authorization: {"bk_token":"alice"}' -d '${JSON.stringify({ query: joined })}'
`);
}

/** Ends what was started, last first. */
async function end(): Promise<void> {
  for (const one of started.splice(0).reverse()) await one[Symbol.asyncDispose]();
}

const starting = start(Number(process.env['PORT'] ?? 4000)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
  return end();
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void starting.then(end));
