import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import { CURRENCY_CODES } from './currency-codes.ts';
import { longFromText, writeLong } from './integer-text.ts';
import { epochMs, parseIsoDate, parseIsoDateTime, parseIsoTime } from './iso-time.ts';
import { JAVA_TIME_FORMS } from './java-time-forms.ts';
import type { JdkValueForm } from './jdk-value-form.ts';
import { javaLocaleText } from './locale-text.ts';
import { isJavaUri } from './uri-text.ts';

const IO = 'com.alibaba.com.caucho.hessian.io';
const ATOMIC = 'java.util.concurrent.atomic';
const DATE_EXPECTED =
  'an ISO 8601 date or date-time such as 2026-01-31T10:15:30Z (UTC when it has no zone), or milliseconds since 1970';
const TIME_EXPECTED = `a time such as 10:15:30, ${DATE_EXPECTED}`;
const MAX_DATE_MS = 8.64e15;

const VALUE_FIELDS = ['value'];

/**
 * The wire form of each class, in one place; each form is one that Dubbo 2.6, 2.7, 3.2 and 3.3 all take.
 *
 * - java.util.Date is a Hessian date: a text would be read in the provider's zone.
 * - For the others it is the very object, as hessian-lite writes it, which PojoUtils passes on as it is. Text does not
 *   become such a value, not in a List<UUID> either, where it would stay text without an error.
 *
 * What the object holds is checked first: for a value that does not exist Java gets null or the call fails without a
 * reason.
 */
export const JDK_VALUE_FORMS: ReadonlyMap<string, JdkValueForm> = new Map<string, JdkValueForm>([
  ['java.util.Date', { expected: DATE_EXPECTED, also: 'numbers', write: writeDate }],
  ['java.sql.Date', sqlForm('java.sql.Date', DATE_EXPECTED, parseDateMs)],
  ['java.sql.Timestamp', sqlForm('java.sql.Timestamp', DATE_EXPECTED, parseDateMs)],
  ['java.sql.Time', sqlForm('java.sql.Time', TIME_EXPECTED, (text) => timeOfDayMs(text) ?? parseDateMs(text))],
  ['java.util.Calendar', { expected: DATE_EXPECTED, also: 'numbers', write: writeCalendar }],
  ['java.util.GregorianCalendar', { expected: DATE_EXPECTED, also: 'numbers', write: writeCalendar }],
  ...JAVA_TIME_FORMS,

  ['java.util.UUID', { expected: 'a UUID', write: writeUuid }],
  [
    'java.util.Locale',
    { expected: 'a locale such as de_CH or de-CH, without a script, which Dubbo drops', write: writeLocale },
  ],
  ['java.util.Currency', { expected: 'a currency code of ISO 4217 such as EUR', write: writeCurrency }],
  ['java.net.URI', { expected: 'a URI of ASCII characters, at most 2048', write: writeUri }],

  [`${ATOMIC}.AtomicInteger`, { expected: 'an int', also: 'numbers', write: writeAtomicInteger }],
  [`${ATOMIC}.AtomicLong`, { expected: 'a long (64-bit integer)', also: 'numbers', write: writeAtomicLong }],
  [`${ATOMIC}.AtomicBoolean`, { expected: 'true or false', also: 'booleans', write: writeAtomicBoolean }],
]);

function parseDateMs(text: string): number | undefined {
  const time = parseIsoDateTime(text) ?? parseIsoDate(text);
  if (time !== undefined)
    return time.zone !== undefined && time.offsetSeconds === undefined ? undefined : epochMs(time);
  const ms = longFromText(text);
  return typeof ms === 'number' && Math.abs(ms) <= MAX_DATE_MS ? ms : undefined;
}

function timeOfDayMs(text: string): number | undefined {
  const time = parseIsoTime(text);
  return time === undefined ? undefined : epochMs(time);
}

function writeDate(text: string, out: HessianWriter): boolean {
  const ms = parseDateMs(text);
  if (ms === undefined) return false;
  out.dateMs(ms);
  return true;
}

function sqlForm(className: string, expected: string, parse: (text: string) => number | undefined): JdkValueForm {
  const write = (text: string, out: HessianWriter): boolean => {
    const ms = parse(text);
    if (ms === undefined) return false;
    out.objectStart(className, VALUE_FIELDS);
    out.dateMs(ms);
    return true;
  };
  return { expected, also: 'numbers', write };
}

/** Without a type it is Gregorian and in the provider's zone. A type as text would break the stream. */
function writeCalendar(text: string, out: HessianWriter): boolean {
  const ms = parseDateMs(text);
  if (ms === undefined) return false;
  out.objectStart(`${IO}.CalendarHandle`, ['type', 'date']);
  out.nullValue();
  out.dateMs(ms);
  return true;
}

function writeUuid(text: string, out: HessianWriter): boolean {
  if (text.length !== 36 || !/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) return false;
  return writeTextObject('java.util.UUID', VALUE_FIELDS, text, out);
}

function writeLocale(text: string, out: HessianWriter): boolean {
  const locale = javaLocaleText(text);
  return locale !== undefined && writeTextObject(`${IO}.LocaleHandle`, VALUE_FIELDS, locale, out);
}

function writeCurrency(text: string, out: HessianWriter): boolean {
  return CURRENCY_CODES.has(text) && writeTextObject('java.util.Currency', ['currencyCode'], text, out);
}

function writeUri(text: string, out: HessianWriter): boolean {
  return isJavaUri(text) && writeTextObject('java.net.URI', ['string'], text, out);
}

/** An object with one field, a text. */
function writeTextObject(className: string, fields: readonly string[], text: string, out: HessianWriter): true {
  out.objectStart(className, fields);
  out.string(text);
  return true;
}

function writeAtomicInteger(text: string, out: HessianWriter): boolean {
  const value = longFromText(text);
  if (typeof value !== 'number' || value !== (value | 0)) return false;
  out.objectStart(`${ATOMIC}.AtomicInteger`, VALUE_FIELDS);
  out.int(value);
  return true;
}

function writeAtomicLong(text: string, out: HessianWriter): boolean {
  const value = longFromText(text);
  if (value === undefined) return false;
  out.objectStart(`${ATOMIC}.AtomicLong`, VALUE_FIELDS);
  writeLong(value, out);
  return true;
}

/** Its field is an int in the JDK. */
function writeAtomicBoolean(text: string, out: HessianWriter): boolean {
  if (text !== 'true' && text !== 'false') return false;
  out.objectStart(`${ATOMIC}.AtomicBoolean`, VALUE_FIELDS);
  out.int(text === 'true' ? 1 : 0);
  return true;
}
