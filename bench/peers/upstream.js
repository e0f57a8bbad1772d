import DataLoader from 'dataloader';
import { Pool } from 'undici';

/** Where the upstream is, and where to listen: told by whoever starts a peer. */
export const { UPSTREAM } = process.env;
export const port = Number(process.env.PORT);

/** What bk-job wants to see of an application and a user; the same for every request. */
export const authorization = JSON.stringify({
  bk_app_code: 'demo_app',
  bk_app_secret: 'demo_secret',
  bk_token: 'alice',
});

const pool = new Pool(UPSTREAM, { connections: 64 });

export const statusPath = (bizId, jobInstanceId, hosts) =>
  `/api/bk-job/prod/api/v3/get_job_instance_status?bk_scope_type=biz&bk_scope_id=${bizId}&job_instance_id=${jobInstanceId}&return_ip_result=${hosts}`;

/** One exchange with the upstream. */
export function ask(path) {
  return pool.request({ method: 'GET', path, headers: { 'X-Bkapi-Authorization': authorization } });
}

/** `data` of an answer. Throws where it tells of a failure. */
export function unwrap(answer) {
  if (answer.result !== true || answer.code !== 0) throw new Error(answer.message);
  return answer.data;
}

export async function readJob(bizId, jobInstanceId, hosts) {
  const { statusCode, body } = await ask(statusPath(bizId, jobInstanceId, hosts));
  if (statusCode !== 200) {
    await body.dump();
    throw new Error(`The upstream answered ${statusCode}.`);
  }
  return unwrap(await body.json());
}

/** Context of one operation: equal reads of it are made once. */
export function createContext(read = readJob) {
  const loader = new DataLoader(
    (keys) => Promise.all(keys.map(({ bizId, id, hosts }) => read(bizId, id, hosts).catch((error) => error))),
    { cacheKeyFn: ({ bizId, id, hosts }) => `${bizId} ${id} ${hosts}` },
  );
  return { readJob: (bizId, id, hosts) => loader.load({ bizId, id, hosts }) };
}
