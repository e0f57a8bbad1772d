import { createServer } from 'node:http';
import { ask, port, statusPath } from './upstream.js';

// The floor: node:http in, undici out, bk-job's bytes passed on untouched.

async function bytesOf(path) {
  const { body } = await ask(path);
  return Buffer.from(await body.arrayBuffer());
}

async function answer(url) {
  const [, , kind, first] = url.split('/');
  if (kind !== 'many') return bytesOf(statusPath('1', first, true));
  const ids = Array.from({ length: 20 }, (_, index) => Number(first) + index);
  const parts = await Promise.all(ids.map((id) => bytesOf(statusPath('1', id, false))));
  const list = parts.flatMap((part, index) => [Buffer.from(index === 0 ? '[' : ','), part]);
  return Buffer.concat([...list, Buffer.from(']')]);
}

createServer((request, response) => {
  answer(request.url).then(
    (bytes) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
      response.end(bytes);
    },
    (error) => {
      response.writeHead(502);
      response.end(String(error));
    },
  );
}).listen(port, '127.0.0.1');
