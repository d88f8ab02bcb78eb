import type { GatewayConfigInput } from '../../../src/config/schema.ts';

const PACKAGE = 'com.acme.interop';

/** `types:` of the classes of the Java service, as its users would write it. */
export const JAVA_TYPES: NonNullable<GatewayConfigInput['types']> = {
  [`${PACKAGE}.User`]: {
    id: 'long',
    createdAt: 'java.util.Date',
    nickname: 'String',
    name: 'String',
    age: 'Integer',
    vip: 'boolean',
    balance: 'BigDecimal',
    points: 'long',
    birthday: 'java.util.Date',
    avatar: 'byte[]',
    level: `${PACKAGE}.Level`,
    address: `${PACKAGE}.Address`,
    tags: 'List<String>',
    scores: 'Map<String, Integer>',
  },
  [`${PACKAGE}.Address`]: { street: 'String', city: 'String', houseNumber: 'int' },
  [`${PACKAGE}.Page<T>`]: { items: 'List<T>', first: 'T', total: 'long' },
  [`${PACKAGE}.Order`]: { number: 'String', lines: `List<${PACKAGE}.Order$Line>`, note: `${PACKAGE}.Order$Note` },
  [`${PACKAGE}.Order$Line`]: { article: 'String', quantity: 'int' },
  [`${PACKAGE}.Order$Note`]: { text: 'String' },
  [`${PACKAGE}.Node`]: { name: 'String', next: `${PACKAGE}.Node` },
  [`${PACKAGE}.TimeValues`]: {
    date: 'java.util.Date',
    sqlDate: 'java.sql.Date',
    sqlTime: 'java.sql.Time',
    timestamp: 'java.sql.Timestamp',
    calendar: 'java.util.Calendar',
    ...javaTime(
      ...['LocalDate', 'LocalTime', 'LocalDateTime', 'Instant', 'OffsetDateTime', 'OffsetTime', 'ZonedDateTime'],
      ...['Duration', 'Period', 'Year', 'YearMonth', 'MonthDay', 'ZoneId', 'ZoneOffset'],
    ),
  },
  [`${PACKAGE}.JdkValues`]: {
    uuid: 'java.util.UUID',
    locale: 'java.util.Locale',
    currency: 'java.util.Currency',
    uri: 'java.net.URI',
    atomicInteger: 'java.util.concurrent.atomic.AtomicInteger',
    atomicLong: 'java.util.concurrent.atomic.AtomicLong',
    atomicBoolean: 'java.util.concurrent.atomic.AtomicBoolean',
    bigDecimal: 'java.math.BigDecimal',
    bigInteger: 'java.math.BigInteger',
    type: 'java.lang.Class',
    level: `${PACKAGE}.Level`,
    shape: `${PACKAGE}.Shape`,
    bytes: 'byte[]',
    chars: 'char[]',
    uuids: 'List<java.util.UUID>',
    uuidById: 'Map<Integer, java.util.UUID>',
    levels: `Set<${PACKAGE}.Level>`,
  },
};

/** `types:` of the class of the Go service: bytes are a list of numbers there. */
export const GO_TYPES: NonNullable<GatewayConfigInput['types']> = {
  'com.acme.interop.User': {
    id: 'long',
    name: 'String',
    age: 'int',
    vip: 'boolean',
    ratio: 'double',
    createdAt: 'java.util.Date',
    tags: 'List<String>',
    avatar: 'List<Integer>',
    address: `${PACKAGE}.Address`,
  },
  'com.acme.interop.Address': { street: 'String', houseNumber: 'int' },
};

function javaTime(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name.charAt(0).toLowerCase() + name.slice(1), `java.time.${name}`]));
}
