import { localDateTime } from '../java-time.ts';
import {
  arrayList,
  bigDecimal,
  date,
  double,
  enumConstant,
  hashMap,
  type JavaObject,
  type JavaValue,
  long,
  object,
} from '../java-value.ts';
import type { JavaClasses } from '../realize.ts';

export const USER = 'com.acme.user.User';
const ADDRESS = 'com.acme.user.Address';
const ROLE = 'com.acme.user.Role';

/** Classes of `com.acme.user`. */
export const USER_CLASSES: JavaClasses = new Map([
  [
    USER,
    {
      kind: 'bean',
      fields: [
        ['birth', 'java.util.Date'],
        ['createdAt', 'java.time.LocalDateTime'],
        ['roles', `java.util.List<${ROLE}>`],
        ['tags', 'java.util.List<java.lang.String>'],
        ['address', ADDRESS],
        ['attributes', 'java.util.Map<java.lang.String,java.lang.Object>'],
        ['balance', 'java.math.BigDecimal'],
        ['id', 'long'],
        ['name', 'java.lang.String'],
        ['email', 'java.lang.String'],
        ['nickname', 'java.lang.String'],
        ['score', 'double'],
        ['active', 'boolean'],
      ],
    },
  ],
  [
    ADDRESS,
    {
      kind: 'bean',
      fields: [
        ['street', 'java.lang.String'],
        ['city', 'java.lang.String'],
        ['country', 'java.lang.String'],
        ['zip', 'java.lang.String'],
      ],
    },
  ],
  [ROLE, { kind: 'enum', constants: ['ADMIN', 'SELLER', 'BUYER', 'GUEST'] }],
]);

const NAMES = ['Ada Lovelace', '李小龍', 'Zoë Müller 😀', 'José Ñandú', '山田太郎🗾', 'Grace "Amazing" Hopper'];
const CITIES = ['London', '香港', 'Zürich', 'Bogotá', '東京', 'New York'];
const BIRTH_OF_FIRST_MS = 894_621_091_000;
const CREATED = ['2024-01-02T03:04:05', '2024-02-29T23:59:59.123', '2023-12-31T00:00'];

/** A user made up from its id, the same each time. */
export function sampleUser(id: bigint): JavaObject {
  const pick = Number(id % 6n);
  const roles = [enumConstant(ROLE, 'BUYER')];
  if (pick % 2 === 1) roles.unshift(enumConstant(ROLE, 'ADMIN'));
  return object(USER, [
    ['birth', date(BIRTH_OF_FIRST_MS + pick * 86_400_000)],
    ['createdAt', localDateTime(CREATED[pick % CREATED.length]!)],
    ['roles', arrayList(roles)],
    ['tags', arrayList(pick === 0 ? [] : ['new', `tag-${pick}`])],
    ['address', sampleAddress(pick)],
    ['attributes', hashMap([['visits', long(pick * 7)]])],
    ['balance', bigDecimal(`${pick * 1000}.10`)],
    ['id', long(id)],
    ['name', NAMES[pick]!],
    ['email', `user${id}@acme.example`],
    ['nickname', null],
    ['score', double(pick + 0.5)],
    ['active', pick !== 5],
  ]);
}

function sampleAddress(pick: number): JavaValue {
  if (pick === 4) return null;
  return object(ADDRESS, [
    ['street', `${pick + 1} Main Street`],
    ['city', CITIES[pick]!],
    ['country', null],
    ['zip', `0${pick}123`],
  ]);
}
