import { double, long } from '../probe/hessian-oracle.ts';
import type { TypeCase } from './type-case.ts';

const DECIMAL = '12345678901234567890.10';
const TEXT = 'Zo\u00eb \u4e2d\ud83d\ude00 "\\/\b\u0000\u007f\u2028';
const TEXT_RECEIVED = 'Zo\\u00eb \\u4e2d\\ud83d\\ude00 \\"\\\\/\\u0008\\u0000\\u007f\\u2028';

export const SCALAR_CASES: readonly TypeCase[] = [
  scalar('Boolean', 'boolean', 'true', true, 'java.lang.Boolean true'),
  scalar('Byte', 'byte', '-128', -128, 'java.lang.Byte -128'),
  scalar('Short', 'short', '32767', 32767, 'java.lang.Short 32767'),
  scalar('Int', 'int', '-2147483648', -2147483648, 'java.lang.Integer -2147483648'),
  scalar('Long', 'long', '5', 5, 'java.lang.Long 5'),
  scalar('Long', 'long', '9007199254740993', long('9007199254740993'), 'java.lang.Long 9007199254740993', 'past 2^53'),
  scalar('Long', 'long', '-9223372036854775808', long('-9223372036854775808'), 'java.lang.Long -9223372036854775808'),
  scalar('Float', 'float', '1.1', double(1.1), 'java.lang.Float 1.1'),
  scalar('Double', 'double', '0.1', double(0.1), 'java.lang.Double 0.1'),
  scalar('Double', 'double', '5', double(5), 'java.lang.Double 5.0', 'whole number'),
  scalar('Double', 'double', '1e+300', double(1e300), 'java.lang.Double 1.0E300', 'with exponent'),
  scalar('Char', 'char', '"\u4e2d"', '\u4e2d', 'java.lang.Character "\\u4e2d"'),
  scalar('BoxedBoolean', 'java.lang.Boolean', 'false', false, 'java.lang.Boolean false'),
  scalar('BoxedByte', 'java.lang.Byte', '127', 127, 'java.lang.Byte 127'),
  scalar('BoxedShort', 'java.lang.Short', '-300', -300, 'java.lang.Short -300'),
  scalar('BoxedInt', 'java.lang.Integer', '2147483647', 2147483647, 'java.lang.Integer 2147483647'),
  scalar('BoxedLong', 'java.lang.Long', '5', 5, 'java.lang.Long 5'),
  scalar(
    'BoxedLong',
    'java.lang.Long',
    '9223372036854775807',
    long('9223372036854775807'),
    'java.lang.Long 9223372036854775807',
    'largest',
  ),
  scalar('BoxedFloat', 'java.lang.Float', '99.8', double(99.8), 'java.lang.Float 99.8'),
  scalar('BoxedDouble', 'java.lang.Double', '1.001', double(1.001), 'java.lang.Double 1.001'),
  scalar('BoxedChar', 'java.lang.Character', '"x"', 'x', 'java.lang.Character "x"'),
  scalar('BoxedInt', 'java.lang.Integer', 'null', null, 'null', 'null'),
  scalar('String', 'java.lang.String', JSON.stringify(TEXT), TEXT, `java.lang.String "${TEXT_RECEIVED}"`, 'Unicode'),
  scalar('String', 'java.lang.String', '""', '', 'java.lang.String ""', 'empty'),
  scalar('String', 'java.lang.String', 'null', null, 'null', 'null'),
  {
    ...scalar('BigDecimal', 'java.math.BigDecimal', DECIMAL, DECIMAL, 'java.math.BigDecimal 1234567890123456789010e-2'),
    field: 'JdkValues.bigDecimal',
  },
  scalar('BigDecimal', 'java.math.BigDecimal', '1E+3', '1E+3', 'java.math.BigDecimal 1e3', 'with exponent'),
  scalar('BigDecimal', 'java.math.BigDecimal', '5', '5', 'java.math.BigDecimal 5e0', 'whole number'),
  {
    ...scalar(
      'BigInteger',
      'java.math.BigInteger',
      '-12345678901234567890',
      '-12345678901234567890',
      'java.math.BigInteger -12345678901234567890',
    ),
    field: 'JdkValues.bigInteger',
  },
  {
    ...scalar('Level', 'com.acme.interop.Level', '"HIGH"', 'HIGH', 'com.acme.interop.Level HIGH', 'enum'),
    field: 'JdkValues.level',
  },
  {
    ...scalar(
      'Shape',
      'com.acme.interop.Shape',
      '"SQUARE"',
      'SQUARE',
      'com.acme.interop.Shape SQUARE',
      'enum whose constants have bodies',
    ),
    field: 'JdkValues.shape',
  },
];

/** A value that comes back as the JSON it was sent as. */
function scalar(
  name: string,
  javaType: string,
  json: string,
  wire: unknown,
  received: string,
  label?: string,
): TypeCase {
  return { name, javaType, json, wire, received, answer: json, ...(label === undefined ? {} : { label }) };
}
