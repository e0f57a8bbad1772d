import { createServer } from 'node:http';
import { brief, everything, everythingSent, failedHosts } from './answers.js';
import { port, readJob } from './upstream.js';

// What a team would write for these questions alone: parse, pick and rename, stringify.

const shapes = { everything, sent: everythingSent, failed: failedHosts };

async function answer(url) {
  const [, , kind, first] = url.split('/');
  if (kind !== 'many') return { jobInstance: shapes[kind](await readJob('1', first, true), '1') };
  const ids = Array.from({ length: 20 }, (_, index) => Number(first) + index);
  const jobs = await Promise.all(ids.map((id) => readJob('1', id, false)));
  return Object.fromEntries(jobs.map((data, index) => [`j${index}`, brief(data)]));
}

createServer((request, response) => {
  answer(request.url).then(
    (data) => {
      const text = JSON.stringify({ data });
      response.writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(text),
      });
      response.end(text);
    },
    (error) => {
      response.writeHead(502);
      response.end(String(error));
    },
  );
}).listen(port, '127.0.0.1');
