/**
 * The gateway that is written in an hour with Koa and dubbo-js: the same routes and the same generic calls as
 * benchmarks/macro/gateway.yaml. Whatever dubbo-js decodes is the answer: `class` keys and BigDecimals as objects stay.
 */
import Router from '@koa/router';
import { Dubbo, dubboSetting, java } from 'apache-dubbo-consumer';
import Koa from 'koa';

const provider = process.env.BENCH_PROVIDER ?? '127.0.0.1:20880';

const USERS = 'com.acme.user.UserService';
const CATALOG = 'com.acme.catalog.CatalogService';
const SETTINGS = {
  [USERS]: { group: 'core', version: '1.0.0' },
  [CATALOG]: { group: '', version: '0.0.0' },
};

/** All of a registry that dubbo-js asks for, in place of ZooKeeper: one address for each interface, and no changes. */
const fixedRegistry = {
  async ready() {},
  async registerConsumers() {},
  subscribe({ onData }) {
    const urlOf = ([name, { group, version }]) => [
      name,
      [`dubbo://${provider}/${name}?interface=${name}&group=${group}&version=${version}`],
    ];
    onData(new Map(Object.entries(SETTINGS).map(urlOf)));
    return this;
  },
  close() {},
};

/** `$invoke(method, parameter types, arguments)`: a gateway has no Java interface of the service. */
function genericService(dubboInterface) {
  const $invoke = (method, type, argument) => [
    java.String(method),
    java.array.String([type]),
    { $class: '[java.lang.Object', $: [argument] },
  ];
  return (dubbo) => dubbo.proxyService({ dubboInterface, methods: { $invoke } });
}

for (const [name, setting] of Object.entries(SETTINGS)) dubboSetting.match(name, setting);
const dubbo = Dubbo.from({
  application: { name: 'koa-dubbo-js' },
  dubboVersion: '2.0.2',
  dubboInvokeTimeout: 1000,
  dubboSetting,
  registry: fixedRegistry,
  services: { users: genericService(USERS), catalog: genericService(CATALOG) },
});
dubbo.use(async (context, next) => {
  context.attachments = { generic: 'true' };
  await next();
});
const { users, catalog } = dubbo.service;

async function answer(context, call) {
  const { res, err } = await call;
  if (err) throw err;
  context.body = res;
}

async function readJson(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

const router = new Router();
router.get('/users/:id', (context) => answer(context, users.$invoke('getUser', 'long', java.long(context.params.id))));
router.get('/products', (context) =>
  answer(context, catalog.$invoke('listProducts', 'int', java.int(context.query.count))),
);
router.post('/baskets', async (context) => {
  const basket = java.Map(await readJson(context.req));
  await answer(context, catalog.$invoke('priceBasket', 'com.acme.catalog.Basket', basket));
});

const app = new Koa();
app.use(router.routes());
app.listen(Number(process.env.BENCH_HTTP_PORT ?? 8080), '127.0.0.1');
