import { long } from '../probe/hessian-oracle.ts';
import { atomic, currency, locale, uri, uuid } from './java-values.ts';
import type { TypeCase } from './type-case.ts';

const ID = '123e4567-e89b-12d3-a456-426614174000';
const LINK = 'https://example.org/a?b=c#d';

export const JDK_CASES: readonly TypeCase[] = [
  jdk('Uuid', 'java.util.UUID', `"${ID}"`, uuid(ID), ID),
  jdk('Locale', 'java.util.Locale', '"de_CH"', locale('de_CH'), 'de_CH'),
  jdk('Currency', 'java.util.Currency', '"CHF"', currency('CHF'), 'CHF'),
  jdk('Uri', 'java.net.URI', `"${LINK}"`, uri(LINK), LINK),
  jdk('AtomicInteger', 'java.util.concurrent.atomic.AtomicInteger', '-5', atomic('AtomicInteger', -5), '-5'),
  jdk(
    'AtomicLong',
    'java.util.concurrent.atomic.AtomicLong',
    '9007199254740993',
    atomic('AtomicLong', long('9007199254740993')),
    '9007199254740993',
  ),
  jdk('AtomicBoolean', 'java.util.concurrent.atomic.AtomicBoolean', 'true', atomic('AtomicBoolean', 1), 'true'),
  {
    ...jdk('Class', 'java.lang.Class', '"java.lang.String"', 'java.lang.String', 'java.lang.String'),
    field: 'JdkValues.type',
  },
];

function jdk(name: string, javaType: string, json: string, wire: unknown, text: string): TypeCase {
  const field = `JdkValues.${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  return { name, javaType, json, wire, received: `${javaType} ${text}`, answer: json, field };
}
