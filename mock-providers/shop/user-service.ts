import { JavaException } from '../java-exception.ts';
import { arrayList, int, type JavaObject, type JavaValue, long, memberOf } from '../java-value.ts';
import { method, type ServiceDefinition } from '../service.ts';
import { sampleUser, USER, USER_CLASSES } from './user-classes.ts';

/** Ids every shop starts with; the last two need more than the 53 bits of a JavaScript number. */
const FIRST_IDS = [1n, 2n, 3n, 4n, 5n, 6n, 42n, 9_007_199_254_740_993n, 9_223_372_036_854_775_806n];
const MAX_USERS = 100_000;

/** `com.acme.user.UserService`, version 1.0.0, group core. Users live in memory. */
export function userService(): ServiceDefinition {
  const users = new Map<bigint, JavaObject>(FIRST_IDS.map((id) => [id, sampleUser(id)]));
  const find = (id: bigint): JavaObject => {
    const user = users.get(id);
    if (user === undefined) throw notFound(`user ${id} does not exist`, id);
    return user;
  };
  return {
    name: 'com.acme.user.UserService',
    version: '1.0.0',
    group: 'core',
    classes: USER_CLASSES,
    methods: [
      method('getUser', ['long'], 'reads', ([id]) => find(idOf(id))),
      method('saveUser', [USER], 'writes', ([user]) => save(users, user as JavaObject | null)),
      method('listUsers', ['int', 'int'], 'reads', ([offset, limit]) => {
        const start = intOf(offset);
        return arrayList([...users.values()].slice(start, start + intOf(limit)));
      }),
      method('findByEmail', ['java.lang.String'], 'reads', ([email]) => {
        for (const user of users.values()) if (memberOf(user, 'email') === email) return user;
        return null;
      }),
      method('deleteUser', ['long'], 'writes', ([id]) => {
        users.delete((memberOf(find(idOf(id)), 'id') as { value: bigint }).value);
        return null;
      }),
    ],
  };
}

/** `com.acme.user.NotFoundException`, a checked exception with one field more than every exception has. */
export function notFound(message: string, id: bigint, sentRaw = false): JavaException {
  const fields: [string, JavaValue][] = [
    ['code', int(4041)],
    ['missingId', long(id)],
  ];
  return new JavaException('com.acme.user.NotFoundException', message, { fields, sentRaw });
}

function save(users: Map<bigint, JavaObject>, user: JavaObject | null): JavaObject {
  if (user === null) throw new JavaException('java.lang.NullPointerException', null);
  let id = idOf(memberOf(user, 'id'));
  if (id === 0n) {
    id = 1000n;
    while (users.has(id)) id++;
    user.fields.splice(
      user.fields.findIndex(([name]) => name === 'id'),
      1,
      ['id', long(id)],
    );
  }
  if (!users.has(id) && users.size >= MAX_USERS) {
    throw new JavaException('java.lang.IllegalStateException', `the shop holds ${MAX_USERS} users already`);
  }
  users.set(id, user);
  return user;
}

function idOf(value: JavaValue | undefined): bigint {
  return (value as { value: bigint }).value;
}

function intOf(value: JavaValue | undefined): number {
  return Math.max(0, (value as { value: number }).value);
}
