import type { HttpCase } from './http-case.ts';

const CLASS_KEY = '400 REQUEST_CLASS_KEY';
const INVALID = '400 REQUEST_INVALID';
const NAMED = '"class":"com.acme.interop.Address"';

/** What is wrong with the caller's input: the provider never hears of it. */
export const BAD_INPUT_CASES: readonly HttpCase[] = [
  bad('a class key', 'com.acme.interop.User', `{${NAMED}}`, CLASS_KEY),
  bad('a class key in a field', 'com.acme.interop.User', `{"address":{${NAMED}}}`, CLASS_KEY),
  bad('a class key in an undeclared field', 'com.acme.interop.User', `{"x":[{${NAMED}}]}`, CLASS_KEY),
  bad('a class key in a list', 'java.util.List<com.acme.interop.User>', `[{${NAMED}}]`, CLASS_KEY),
  bad('a class key in an Object', 'java.lang.Object', `{"a":{${NAMED}}}`, CLASS_KEY),
  bad('a class key in a map', 'java.util.Map<java.lang.String, java.lang.Object>', `{${NAMED}}`, CLASS_KEY),
  bad('a class key with an escape', 'java.lang.Object', '{"cl\\u0061ss":"a.B"}', CLASS_KEY),
  bad('a class that is not allowed', 'java.lang.Class', '"java.lang.Runtime"', INVALID),
  bad('a long past 64 bits', 'long', '9223372036854775808', INVALID),
  bad('an int past 32 bits', 'int', '2147483648', INVALID),
  bad('a byte past 8 bits', 'byte', '128', INVALID),
  bad('a fraction for a long', 'long', '1.5', INVALID),
  bad('null for an int', 'int', 'null', INVALID),
  bad('a double past its range', 'double', '1e400', INVALID),
  bad('two characters for a char', 'char', '"ab"', INVALID),
  bad('no number', 'java.math.BigDecimal', '"1,5"', INVALID),
  bad('no date', 'java.util.Date', '"yesterday"', INVALID),
  bad('a day that does not exist', 'java.time.LocalDate', '"2024-02-30"', INVALID),
  bad('a zone that does not exist', 'java.time.ZoneId', '"Foo/Bar"', INVALID),
  bad('no UUID', 'java.util.UUID', '"zz"', INVALID),
  bad('no base64', 'byte[]', '"a b"', INVALID),
  bad('an object for a list', 'java.util.List<java.lang.Long>', '{}', INVALID),
  bad('a text in a list of longs', 'java.util.List<java.lang.Long>', '[1,"x"]', INVALID, /\$\[1\]|\[1\]/),
  bad('a text in a field', 'com.acme.interop.User', '{"address":{"houseNumber":"x"}}', INVALID, /houseNumber/),
  bad('a key that is no number', 'java.util.Map<java.lang.Long, java.lang.String>', '{"a":"b"}', INVALID),
  bad('malformed JSON', 'java.lang.Object', '{"a":', '400 REQUEST_JSON'),
  bad('JSON with NaN', 'double', 'NaN', '400 REQUEST_JSON'),
  bad('JSON nested too deep', 'java.lang.Object', '['.repeat(65) + ']'.repeat(65), '400 REQUEST_TOO_DEEP'),
  bad('a call larger than a frame', 'java.lang.String', `"${'x'.repeat(8_388_609)}"`, '413 REQUEST_TOO_LARGE'),
  {
    ...bad('no JSON type', 'java.lang.Object', '1', '415 REQUEST_MEDIA_TYPE'),
    headers: { 'content-type': 'text/plain' },
  },
];

function bad(title: string, type: string, json: string, answer: string, detail?: RegExp): HttpCase {
  return {
    title,
    call: { service: 'plain', method: 'describeObject', parameters: [type], args: ['body'] },
    json,
    answer,
    ...(detail === undefined ? {} : { detail }),
  };
}
