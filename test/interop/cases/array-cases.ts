import { double, long } from '../probe/hessian-oracle.ts';
import type { TypeCase } from './type-case.ts';

const MOMENT_TEXT = '1998-05-08T09:51:31.001Z';

export const ARRAY_CASES: readonly TypeCase[] = [
  {
    ...array('Bytes', 'byte[]', '"AAH/+w=="', Buffer.from([0, 1, 255, 251]), ''),
    received: 'byte[] 0001fffb',
    field: 'JdkValues.bytes',
  },
  {
    ...array('Chars', 'char[]', '"a\u4e2d"', 'a\u4e2d', 'java.lang.Character "a", java.lang.Character "\\u4e2d"'),
    field: 'JdkValues.chars',
  },
  array('Booleans', 'boolean[]', '[true,false]', [true, false], 'java.lang.Boolean true, java.lang.Boolean false'),
  array('Shorts', 'short[]', '[1,-2]', [1, -2], 'java.lang.Short 1, java.lang.Short -2'),
  array('Ints', 'int[]', '[1,-2]', [1, -2], 'java.lang.Integer 1, java.lang.Integer -2'),
  array(
    'Longs',
    'long[]',
    '[1,9007199254740993]',
    [1, long('9007199254740993')],
    'java.lang.Long 1, java.lang.Long 9007199254740993',
  ),
  array('Floats', 'float[]', '[1.1,2]', [double(1.1), double(2)], 'java.lang.Float 1.1, java.lang.Float 2.0'),
  array('Doubles', 'double[]', '[0.1,2]', [double(0.1), double(2)], 'java.lang.Double 0.1, java.lang.Double 2.0'),
  array('Ints', 'int[]', '[]', [], ''),
  array('Strings', 'java.lang.String[]', '["a",null]', ['a', null], 'java.lang.String "a", null'),
  array(
    'Objects',
    'java.lang.Object[]',
    '["a",1,9007199254740993,true,null,[2]]',
    ['a', 1, long('9007199254740993'), true, null, [2]],
    'java.lang.String "a", java.lang.Integer 1, java.lang.Long 9007199254740993, java.lang.Boolean true, null, ' +
      'java.util.ArrayList [java.lang.Integer 2]',
  ),
  array('BoxedLongs', 'java.lang.Long[]', '[1,null]', [1, null], 'java.lang.Long 1, null'),
  array(
    'BigDecimals',
    'java.math.BigDecimal[]',
    '[1.10,5]',
    ['1.10', '5'],
    'java.math.BigDecimal 110e-2, java.math.BigDecimal 5e0',
  ),
  array(
    'Dates',
    'java.util.Date[]',
    `["${MOMENT_TEXT}",null]`,
    [new Date(MOMENT_TEXT), null],
    'java.util.Date 1998-05-08T09:51:31.001000000Z, null',
  ),
  array(
    'IntGrid',
    'int[][]',
    '[[1,2],[3],[]]',
    [[1, 2], [3], []],
    'int[] [java.lang.Integer 1, java.lang.Integer 2], int[] [java.lang.Integer 3], int[] []',
  ),
  array(
    'Levels',
    'com.acme.interop.Level[]',
    '["LOW","HIGH"]',
    ['LOW', 'HIGH'],
    'com.acme.interop.Level LOW, com.acme.interop.Level HIGH',
  ),
];

function array(name: string, javaType: string, json: string, wire: unknown, items: string): TypeCase {
  return { name, javaType, json, wire, received: `${javaType} [${items}]`, answer: json };
}
