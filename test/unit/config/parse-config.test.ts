import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseDocument } from 'yaml';
import { checkConfig } from '../../../src/config/check-config.ts';
import { type LoadResult, parseConfig, parseFiles } from '../../../src/config/parse-config.ts';

const USERS = `
services:
  users:
    interface: com.acme.user.UserService
    providers: ["dubbo://127.0.0.1:20880"]
    methods: { getUser: { parameters: [long] } }
`;

const ROUTE = `
routes:
  - id: get-user
    match: { path: /users/:id }
    call: { service: users, method: getUser, args: [path.id] }
`;

function parse(text: string, environment: Record<string, string> = {}): LoadResult {
  return parseConfig(text, 'my.yaml', environment);
}

function messages(result: { readonly diagnostics: LoadResult['diagnostics'] }): string[] {
  return result.diagnostics.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

function merge(...texts: string[]): LoadResult {
  const files = texts.map((text, index) => ({ name: `${index}.yaml`, text }));
  return parseFiles(files, { environment: {}, readFile: () => 'secret\n' });
}

/** Time this process computed, whatever else the machine does. */
function cpuMicros(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

describe('parseConfig', () => {
  it('gives the configuration with defaults and sizes in bytes', () => {
    const { config, diagnostics } = parse(`${USERS}${ROUTE}    maxBodyBytes: 2KiB\n`);
    assert.deepEqual(diagnostics, []);
    assert.equal(config!.routes[0]!.maxBodyBytes, 2048);
    assert.equal(config!.defaults.timeoutMs, 1000);
    assert.equal(config!.routes[0]!.response.classKey, 'drop');
  });

  it('takes an empty file for an empty configuration', () => {
    for (const text of ['', '# nothing\n', '---\n', 'null']) {
      assert.deepEqual(parse(text).diagnostics, []);
      assert.deepEqual(parse(text).config!.routes, []);
    }
  });

  it('re-types plain scalars after variables and leaves quoted ones text', () => {
    const text = `${USERS}    version: "\${VERSION}"\nserver: { http: { port: \${PORT} } }\nlog: { requests: \${LOG:-false} }\n`;
    const { config, diagnostics } = parse(text, { VERSION: '1.0', PORT: '8081' });
    assert.deepEqual(diagnostics, []);
    assert.equal(config!.services.users!.version, '1.0');
    assert.equal(config!.server.http.port, 8081);
    assert.equal(config!.log.requests, false);
  });

  it('takes a plain scalar that becomes empty for a key that is not set', () => {
    const { config } = parse(`${USERS}    token: \${TOKEN:-}\n    timeoutMs: \${TIMEOUT:-}\n`);
    assert.equal(config!.services.users!.token, undefined);
    assert.equal(config!.services.users!.timeoutMs, undefined);
  });

  it('resolves nothing in keys and comments', () => {
    const { diagnostics } = parse(`# \${NONE}\n"\${NONE}": 1\n`);
    assert.deepEqual(messages({ diagnostics }), [`2:1 unknown key "\${NONE}"`]);
  });

  it('needs no quotes for variables with colons and commas, also inside brackets', () => {
    const text = `server: { http: { port: \${PORT:-8081}, host: \${HOST:-::1} } }\nlog: { level: \${A:-debug} } # \${B: x}\n`;
    const { config, diagnostics } = parse(text, { B: '1' });
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(config!.server.http, { port: 8081, host: '::1' });
    assert.equal(config!.log.level, 'debug');
    assert.equal(parse(`${USERS}    version: "\ue001\${V}"\n`, { V: '2' }).config!.services.users!.version, '\ue0012');
  });

  it('names the paths of what came from variables', () => {
    const { secretPaths } = parse(`${USERS}    token: \${TOKEN}\n    group: core\n`, { TOKEN: 'x' });
    assert.deepEqual(secretPaths, ['services.users.token']);
  });

  it('keeps a field named __proto__ in arguments as data', () => {
    const { config, diagnostics } = parse(`${USERS}${ROUTE.replace('[path.id]', '[{ __proto__: path.id }]')}`);
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(Object.keys(config!.routes[0]!.call!.args[0]!), ['__proto__']);
  });

  it('takes routes as equal only when method, host, path and conditions are', () => {
    const route = (id: string, match: string): string =>
      `  - id: ${id}\n    match: { ${match} }\n    call: { service: users, method: getUser, args: [query.id] }\n`;
    const result = parse(
      `${USERS}routes:\n${route('a', 'path: /x/:id')}${route('b', 'path: /x/:id, host: a.example')}` +
        `${route('c', 'path: /x/:id, headers: { x: y }')}${route('d', 'path: /x/:id, query: { x: y }')}` +
        `${route('e', 'path: /x/*')}${route('f', 'path: /x/id')}${route('g', 'path: /x/:id, method: POST')}` +
        `${route('h', 'path: /x/:other, headers: { X: y }')}${route('i', 'path: /x/:id, host: [b.example, A.example]')}`,
    );
    assert.deepEqual(
      result.diagnostics.map(({ path }) => path),
      ['routes[7].match', 'routes[8].match'],
    );
  });

  it('does not judge what depends on a value that is already wrong', () => {
    const text = `${USERS.replace('[long]', '5')}${ROUTE}`;
    assert.deepEqual(messages(parse(text)), ['6:39 expected a list, found 5']);
    assert.equal(parse(`${USERS.replace('/', `\${X}/`)}${ROUTE}`).diagnostics.length, 1);
  });

  it('accepts a reference to a service that has mistakes of its own', () => {
    const found = parse(`${USERS.replace('interface', 'interfaces')}${ROUTE}`).diagnostics;
    assert.deepEqual(
      found.map(({ path }) => path),
      ['services.users.interface', 'services.users.interfaces'],
    );
  });

  it('never shows a value that came from a variable', () => {
    const canary = fc.constantFrom(
      's3cr3t-canary',
      'canary canary',
      '{canary',
      '*canary',
      '-1canary',
      ':canary/',
      'canary.x',
    );
    const template = `
server: { http: { host: V, port: V }, trustedProxies: [V], limits: { maxBodyBytes: V }, admin: { host: V, token: V, allowedHosts: [V, "http://V:1"] } }
admission: { maxInFlight: V, maxInFlightBytes: V }
bulkhead: { normal: { size: V, maxMethodShare: V }, slow: V, quarantine: V }
log: { level: V, requests: V }
types: { com.acme.A<T>: { a: V, b: List<V> } }
services:
  users:
    interface: V
    version: V
    providers: [V, dubbo://V, "dubbo://V:1", V]
    generic: V
    quarantine: { slowRatio: V, minQuarantineMs: V }
    methods: { getUser: { name: V, quarantine: V, parameters: [V, "List<V>"] } }
routes:
  - id: V
    match: { method: [V], path: /V/:V, host: V, headers: { a: V } }
    call: { service: V, method: V, args: [V, path.V, "{ from: V }", { from: V, type: V }, { merge: [V, { a: V }] }], attachments: { a: V, b: query.V } }
    response: { longs: V, dates: { pattern: V, zone: V } }
    errors: { a.B: { status: V, code: V } }
  - id: V
    match: { method: V, path: "V" }
    call: { service: users, method: V, args: [body.V], allowedClasses: [V] }
`;
    const places = template.split('V').length - 1;
    fc.assert(
      fc.property(canary, fc.array(fc.boolean(), { minLength: places, maxLength: places }), (value, quoted) => {
        let place = 0;
        const text = template.replaceAll(/\bV\b/g, () => (quoted[place++] === true ? `\${A${place}}` : `\${SECRET}`));
        const names = Array.from({ length: places + 1 }, (_, index) => [`A${index}`, value]);
        const { diagnostics } = parse(text, { SECRET: value, ...Object.fromEntries(names) });
        assert.ok(diagnostics.length > 0);
        assert.ok(!JSON.stringify(diagnostics).includes('canary'), JSON.stringify(diagnostics));
      }),
      { numRuns: 20 },
    );
  });

  it('ends with diagnostics, not with an exception, for any text', () => {
    const pieces = fc.array(
      fc.constantFrom(
        'services',
        'routes',
        ':',
        ' ',
        '\n',
        '  ',
        '- ',
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        '&a',
        '*a',
        `\${`,
        '|',
        '#',
        'x',
        ',',
        '\t',
        '!',
        '?',
        '%',
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          pieces.map((parts) => parts.join('')),
          fc.string(),
        ),
        (text) => {
          const { config, diagnostics } = parse(text);
          assert.equal(
            config === undefined,
            diagnostics.some(({ severity }) => severity === 'error'),
          );
          for (const { line, column } of diagnostics) assert.ok(line >= 1 && column >= 1);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is bounded for hostile texts', () => {
    for (const text of ['['.repeat(20_000), '- '.repeat(5_000), '{a: '.repeat(5_000), `a: ${'&a '.repeat(1000)}x`]) {
      assert.ok(parse(text).diagnostics.length > 0);
    }
  });

  it('costs little more for 2,000 routes than parsing their YAML', () => {
    const routes = Array.from({ length: 2000 }, (_, index) => {
      return `  - id: r${index}\n    match: { method: GET, path: /users/${index}/:id, headers: { x-tenant: acme } }\n    call: { service: users, method: getUser, args: [path.id] }\n`;
    });
    const text = `${USERS}routes:\n${routes.join('')}`;
    const yamlMicros = cpuMicros(() => parseDocument(text));
    let result: LoadResult | undefined;
    const loadMicros = cpuMicros(() => {
      result = parse(text);
    });
    assert.equal(result!.config!.routes.length, 2000);
    assert.ok(loadMicros < 2 * yamlMicros + 500_000, `${loadMicros} for ${yamlMicros}`);
  });

  it('stays linear where every route has the same mistake', () => {
    const routes = Array.from({ length: 500 }, (_, index) => {
      return `  - { id: r${index}, match: { path: /u/${index} }, call: { service: user, method: get, arg: [] } }\n`;
    });
    let found: LoadResult['diagnostics'] = [];
    const micros = cpuMicros(() => {
      found = parse(`${USERS}routes:\n${routes.join('')}`).diagnostics;
    });
    assert.equal(found.length, 1000);
    assert.ok(micros < 2_000_000, `${micros}`);
  });
});

describe('LoadResult.locate', () => {
  it('gives a finding of a later stage its place', () => {
    const { locate } = parse(USERS + ROUTE);
    const found = {
      severity: 'error',
      file: '',
      line: 0,
      column: 0,
      path: 'routes[0].call.args[0]',
      message: 'm',
    } as const;
    assert.deepEqual(locate(found), {
      ...found,
      file: 'my.yaml',
      line: 11,
      column: 53,
      excerpt: '    call: { service: users, method: getUser, args: [path.id] }',
    });
  });
});

describe('parseFiles', () => {
  it('merges maps, joins routes and lets each file have its own $schema', () => {
    const { config, diagnostics } = merge(
      `$schema: a\nserver: { http: { port: 1 } }${USERS}`,
      `$schema: b\nserver: { http: { host: localhost } }${ROUTE}`,
    );
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(config!.server.http, { host: 'localhost', port: 1 });
  });

  it('refuses what two files set, and names both places', () => {
    const { diagnostics, config } = merge(`log: { level: info }${USERS}`, `log: { level: warn }${USERS}`);
    assert.equal(config, undefined);
    assert.deepEqual(
      diagnostics.map(({ file, path, message }) => [file, path, message]),
      [
        ['1.yaml', 'log.level', '"level" is already set in 0.yaml:1:8'],
        ['1.yaml', 'services.users', '"users" is already set in 0.yaml:3:3'],
      ],
    );
  });

  it('names the other file for duplicates among routes', () => {
    const { diagnostics } = merge(USERS + ROUTE, ROUTE);
    assert.deepEqual(
      diagnostics.map(({ file, message }) => `${file} ${message}`),
      [
        '1.yaml id "get-user" is already used in 0.yaml:9',
        '1.yaml matches the same requests as the route in 0.yaml:10',
      ],
    );
  });

  it('reads secret files without the newline at its end', () => {
    assert.equal(merge(`${USERS}    token: \${file:/x}\n`).config!.services.users!.token, 'secret');
  });
});

describe('checkConfig', () => {
  it('checks an object like a file, without lines', () => {
    const { config, diagnostics } = checkConfig({
      routes: [{ id: 'a', match: { path: '/' }, call: { service: 'x', method: 'y' } }],
    });
    assert.equal(config, undefined);
    assert.deepEqual(diagnostics, [
      {
        severity: 'error',
        file: '',
        line: 0,
        column: 0,
        path: 'routes[0].call.service',
        message: 'there is no service "x" under `services`',
      },
    ]);
  });

  it('takes a right object, functions and cycles as mistakes', () => {
    assert.deepEqual(checkConfig({}).diagnostics, []);
    assert.ok(checkConfig({ log: { level: () => 'info' } }).diagnostics.length > 0);
    const cycle: Record<string, unknown> = {};
    cycle.server = cycle;
    assert.ok(checkConfig(cycle).diagnostics.length > 0);
    for (const value of [undefined, null, 5, 'x', [], new Date()])
      assert.ok(checkConfig(value).diagnostics.length >= 0);
    assert.ok(checkConfig(null).diagnostics.length > 0);
  });

  it('reports any number of mistakes, all in one line if need be', () => {
    const times = 150_000;
    const { diagnostics } = parse(`a: "${`\${X} `.repeat(times)}"`);
    assert.equal(diagnostics.length, times);
  });

  it('gives the checked configuration back unchanged when it is checked again', () => {
    const { config } = parse(USERS + ROUTE);
    assert.deepEqual(checkConfig(config).config, config);
  });
});
