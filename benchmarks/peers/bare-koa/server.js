/** The least that a Koa server can do: every request gets the same JSON out of memory; a body is read and parsed. */
import Koa from 'koa';

const answer = process.env.BENCH_ANSWER ?? '{"hello":"world"}';

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
