/** The least that a Koa server can do: every request gets the same JSON out of memory; a body is read and parsed. */
import { readFileSync } from 'node:fs';
import Koa from 'koa';

const { BENCH_ANSWER_FILE } = process.env;
const answer = BENCH_ANSWER_FILE === undefined ? '{"hello":"world"}' : readFileSync(BENCH_ANSWER_FILE, 'utf8');

const app = new Koa();
app.use(async (context) => {
  if (context.method === 'POST') await readJson(context.req);
  context.type = 'json';
  context.body = answer;
});
app.listen(Number(process.env.BENCH_HTTP_PORT ?? 8080), '127.0.0.1');

async function readJson(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}
