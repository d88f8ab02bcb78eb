import { AnswerBytes } from './answer-bytes.ts';
import type { HostileAnswers, HostileCase } from './hostile-case.ts';

const MAPS = 50_000;
const ORDERS = 10_000;
/** A prime number of keys: each first one with each step through them gives another order, 248,502 in all. */
const KEYS = 499;
/** An object of a list, with what stands behind it. */
const OBJECT_JSON = '{"id":1,"name":"Ada King","active":true,"note":null},';
const MAX_JSON_BYTES = 16 * 1024 * 1024;
const FITTING = Math.floor((MAX_JSON_BYTES - '['.length) / OBJECT_JSON.length);
/** As many as a body may have. */
const CLASSES = 4_096;

export const HOSTILE_CASES: readonly HostileCase[] = [
  {
    name: 'hostile/shape-bomb',
    summary: `${MAPS} maps in an answer; no two of a million have a key in common`,
    answers: 20,
    outcome: 'ok',
    prepare: ownKeys,
  },
  {
    name: 'hostile/order-bomb',
    summary: `${ORDERS} maps in an answer, of the same ${KEYS} keys, 8 at a time in ever new orders`,
    answers: 20,
    outcome: 'ok',
    prepare: keyOrders,
  },
  {
    name: 'hostile/class-bomb',
    summary: `${CLASSES} objects in an answer, each of a class that was never seen`,
    answers: 25,
    outcome: 'ok',
    prepare: ownClasses,
  },
  {
    name: 'hostile/reference-bomb',
    summary: '28 lists, each of twice the one before: 2^28 values',
    answers: 20,
    outcome: 'RESPONSE_TOO_LARGE',
    prepare: () => once(referenceBomb()),
  },
  {
    name: 'hostile/16-mib',
    summary: `${FITTING} objects, as many as fit into 16 MiB of JSON`,
    answers: 5,
    outcome: 'ok',
    prepare: () => once(objects(FITTING)),
  },
  {
    name: 'hostile/over-16-mib',
    summary: 'the same with one object more',
    answers: 5,
    outcome: 'RESPONSE_TOO_LARGE',
    prepare: () => once(objects(FITTING + 1)),
  },
  {
    name: 'hostile/100-levels',
    summary: 'maps in maps, 100 levels',
    answers: 5_000,
    outcome: 'ok',
    prepare: () => once(levels(100)),
  },
  {
    name: 'hostile/513-levels',
    summary: 'maps in maps, a level too deep',
    answers: 5_000,
    outcome: 'PROVIDER_PROTOCOL',
    prepare: () => once(levels(513)),
  },
];

function once(body: Buffer): HostileAnswers {
  return { body: () => body };
}

function ownKeys(): HostileAnswers {
  const out = new AnswerBytes(MAPS * 24 + 16);
  return {
    body: (index) => {
      out.start().list(MAPS);
      for (let map = index * MAPS; map < (index + 1) * MAPS; map++) {
        out.openMap().text(`a${map}`).byte(0x91).text(`b${map}`).byte(0x92).closeMap();
      }
      return out.body();
    },
  };
}

function keyOrders(): HostileAnswers {
  const out = new AnswerBytes(ORDERS * 80 + 16);
  return {
    body: (index) => {
      out.start().list(ORDERS);
      for (let map = index * ORDERS; map < (index + 1) * ORDERS; map++) {
        const first = map % KEYS;
        const step = 1 + (Math.floor(map / KEYS) % (KEYS - 1));
        out.openMap();
        for (let key = 0; key < 8; key++) out.text(`key${(first + key * step) % KEYS}`).byte(0x91);
        out.closeMap();
      }
      return out.body();
    },
  };
}

function ownClasses(): HostileAnswers {
  const out = new AnswerBytes(CLASSES * 64 + 16);
  return {
    body: (index) => {
      out.start().list(CLASSES);
      for (let definition = 0; definition < CLASSES; definition++) {
        out.classDefinition(`com.acme.C${index}x${definition}`, ['id', 'name']);
        out.object(definition).byte(0x91).text('Ada');
      }
      return out.body();
    },
  };
}

function referenceBomb(): Buffer {
  const depth = 28;
  const out = new AnswerBytes(512)
    .start()
    .list(depth + 1)
    .list(0);
  for (let level = 1; level <= depth; level++) out.list(2).reference(level).reference(level);
  return Buffer.from(out.body());
}

/** A list of equal objects. */
function objects(count: number): Buffer {
  const out = new AnswerBytes(count * 48 + 16).start().list(count);
  for (let index = 0; index < count; index++) {
    out.openMap().text('id').byte(0x91).text('name').text('Ada King');
    out.text('active').byte(0x54).text('note').byte(0x4e).closeMap();
  }
  return Buffer.from(out.body());
}

function levels(depth: number): Buffer {
  const out = new AnswerBytes(depth * 32 + 16).start();
  for (let level = 0; level < depth; level++) out.openMap().text('id').byte(0x91).text('next');
  out.byte(0x4e);
  for (let level = 0; level < depth; level++) out.closeMap();
  return Buffer.from(out.body());
}
