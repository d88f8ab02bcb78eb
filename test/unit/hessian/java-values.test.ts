import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  HessianDate,
  HessianList,
  HessianMap,
  HessianObject,
  type HessianValue,
} from '../../../src/hessian/hessian-tree.ts';
import type { HessianWriter } from '../../../src/hessian/hessian-writer.ts';
import { skipValue } from '../../../src/hessian/skip-value.ts';
import { faultOf, readerOf, singleValueOf, written } from './bodies.ts';

const FIXTURES = new URL('../../fixtures/hessian/v2/', import.meta.url);

function filesOf(folder: string): string[] {
  return readdirSync(new URL(`${folder}/`, FIXTURES))
    .map((file) => file.replace(/\.bin$/, ''))
    .sort();
}

function bytesOf(folder: string, file: string): Buffer {
  return readFileSync(new URL(`${folder}/${encodeURIComponent(file)}.bin`, FIXTURES));
}

/** The files of a folder are exactly these, and each holds its value; where given, our writer makes the same bytes. */
function eachHolds<V extends HessianValue>(
  folder: string,
  expected: Record<string, V>,
  write?: (writer: HessianWriter, value: V) => void,
): void {
  assert.deepEqual(filesOf(folder), Object.keys(expected).sort());
  for (const [file, value] of Object.entries(expected)) {
    const bytes = bytesOf(folder, file);
    assert.deepEqual(singleValueOf(bytes), value, `${folder}/${file}`);
    if (write !== undefined)
      assert.deepEqual(
        written((writer) => write(writer, value)),
        bytes,
        `${folder}/${file}`,
      );
  }
}

function list(type: string, ...items: HessianValue[]): HessianList {
  const value = new HessianList(type);
  value.items.push(...items);
  return value;
}

function map(type: string, ...entries: [HessianValue, HessianValue][]): HessianMap {
  const value = new HessianMap(type);
  value.entries.push(...entries);
  return value;
}

function object(className: string, fields: Record<string, HessianValue>): HessianObject {
  const value = new HessianObject(className);
  for (const [field, fieldValue] of Object.entries(fields)) value.fields.set(field, fieldValue);
  return value;
}

function car(model: string): HessianObject {
  return object('hessian.demo.Car', { a: 'a', c: 'c', b: 'b', model, color: 'aquamarine', mileage: 65536 });
}

describe('Values written by Java', () => {
  it('are all here', () => {
    const counts = readdirSync(FIXTURES)
      .sort()
      .map((folder) => [folder, filesOf(folder).length]);
    assert.deepEqual(Object.fromEntries(counts), {
      bytes: 8,
      date: 5,
      double: 26,
      enum: 4,
      exception: 4,
      list: 8,
      long: 19,
      map: 10,
      number: 16,
      object: 3,
      string: 22,
    });
  });

  it('ints are read, and written the same', () => {
    const numbers = filesOf('number');
    eachHolds('number', Object.fromEntries(numbers.map((file) => [file, Number(file)])), (writer, value) =>
      writer.int(value),
    );
  });

  it('longs are read, and written the same', () => {
    const numbers = filesOf('long');
    eachHolds('long', Object.fromEntries(numbers.map((file) => [file, BigInt(file)])), (writer, value) =>
      writer.longNumber(Number(value)),
    );
  });

  it('doubles are read, and written the same', () => {
    const hex: Record<string, number> = { '-0x800000': -0x800000, '-0x80000000': -0x80000000 };
    const numbers = filesOf('double');
    eachHolds('double', Object.fromEntries(numbers.map((file) => [file, hex[file] ?? Number(file)])), (writer, value) =>
      writer.double(value),
    );
  });

  it('dates are read, and written the same', () => {
    eachHolds(
      'date',
      {
        '894621060000': new HessianDate(BigInt(Date.UTC(1998, 4, 8, 9, 51))),
        '894621091000': new HessianDate(BigInt(Date.UTC(1998, 4, 8, 9, 51, 31))),
        // Just outside of what 32 bits of minutes hold, on both sides.
        '128849018880000': new HessianDate(2n ** 31n * 60_000n),
        '-128849018940000': new HessianDate(-(2n ** 31n + 1n) * 60_000n),
        now: new HessianDate(1_398_280_514_000n),
      },
      (writer, value) => writer.dateMs(Number(value.ms)),
    );
  });

  it('byte arrays are read', () => {
    const counts = filesOf('bytes');
    eachHolds('bytes', Object.fromEntries(counts.map((file) => [file, Buffer.alloc(Number(file), 'A')])));
  });

  it('short byte arrays are written the same', () => {
    for (const count of [15, 16]) {
      assert.deepEqual(
        written((writer) => writer.binary(Buffer.alloc(count, 'A'))),
        bytesOf('bytes', String(count)),
      );
    }
  });

  it('strings are read, and written the same', () => {
    const texts: Record<string, string> = {
      empty: '',
      foo: 'foo',
      chinese: '中文 Chinese',
      '0123456789012345678901234567890': '0123456789012345678901234567890',
    };
    const longer = '01234567890123456789012345678901';
    // This writer took the three-byte head for 32 units, where two bytes do.
    assert.equal(singleValueOf(bytesOf('string', longer)), longer);
    for (const units of [32_767, 32_768, 32_769, 65_534, 65_535, 65_536, 65_537]) {
      texts[`large_string_${units}`] = 'A'.repeat(units);
      texts[`utf8_${units}`] = '锋'.repeat(units);
    }
    for (const [file, text] of Object.entries(texts)) {
      const bytes = bytesOf('string', file);
      assert.equal(singleValueOf(bytes), text, file);
      assert.deepEqual(
        written((writer) => writer.string(text)),
        bytes,
        file,
      );
    }
    const program = singleValueOf(bytesOf('string', 'text4k')) as string;
    assert.equal(program.length, 0x2604);
    assert.ok(program.startsWith('/*!\n * hessian.js - test/double.test.js\n'));
    assert.ok(program.endsWith('});\n  });\n});\n'));
    assert.deepEqual(
      written((writer) => writer.string(program)),
      bytesOf('string', 'text4k'),
    );
    assert.equal(Object.keys(texts).length + 4, filesOf('string').length);
  });

  it('strings in chunks of Hessian 1 are refused', () => {
    for (const file of ['large_string_chars', 'large_string_chars_65536']) {
      assert.equal(faultOf(bytesOf('string', file)), 'invalid at 1', file);
    }
  });

  it('lists are read, and written the same', () => {
    const eight = ['1', '2', '3', '4', '5', '6', '7', '8'];
    eachHolds(
      'list',
      {
        '[int': list('[int', 1, 2, 3),
        '[string': list('[string', '1', '@', '3'),
        typed_list: list('hessian.demo.SomeArrayList', 'ok', 'some list'),
        typed_list_8: list('hessian.demo.SomeArrayList', ...eight),
        untyped_list: list('', 1, 2, 'foo'),
        untyped_list_8: list('', ...eight),
        'untyped_<String>[foo,bar]': list('', 'foo', 'bar'),
        'untyped_[]': list(''),
      },
      (writer, value) => {
        if (value.type === '') writer.listStart(value.items.length);
        else writer.typedListStart(value.type, value.items.length);
        for (const item of value.items) {
          if (typeof item === 'number') writer.int(item);
          else writer.string(item as string);
        }
      },
    );
  });

  it('enums are read, and written the same', () => {
    const color = (name: string) => object('hessian.Main$Color', { name });
    const lists = list('', color('BLUE'), color('RED'), color('GREEN'));
    eachHolds<HessianObject | HessianList>(
      'enum',
      { blue: color('BLUE'), green: color('GREEN'), red: color('RED'), lists },
      (writer, value) => {
        const constants = value instanceof HessianList ? (value.items as HessianObject[]) : [value];
        if (value instanceof HessianList) writer.listStart(constants.length);
        for (const constant of constants) {
          writer.objectStart(constant.className, [...constant.fields.keys()]);
          writer.string(constant.get('name') as string);
        }
      },
    );
  });

  it('maps and plain objects are read', () => {
    const prev = null;
    const self = object('hessian.demo.Car', { model: 'Beetle', color: 'aquamarine', mileage: 65536 });
    self.fields.set('self', self);
    self.fields.set('prev', prev);
    const expected: Record<string, HessianValue> = {
      car: car('Beetle'),
      car1: self,
      one_car_list: list('', car('model 1')),
      two_car_list: list('', car('model 1'), car('model 2')),
      car_list: list('', car('model 1'), car('model 2'), car('model 3')),
      foo_empty: map('', ['foo', '']),
      foo_bar: map('', ['123', 456], ['foo', 'bar'], ['zero', 0], ['中文key', '中文哈哈value']),
      generic: map('', [123n, 123456], [123456n, 123]),
      hashtable: map('java.util.Hashtable', ['中文key', '中文哈哈value'], ['foo', 'bar']),
    };
    for (const [file, value] of Object.entries(expected))
      assert.deepEqual(singleValueOf(bytesOf('map', file)), value, file);
    assert.deepEqual([...Object.keys(expected), 'car2'].sort(), filesOf('map'));
  });

  it('an object of a draft of Hessian 2 is refused', () => {
    assert.equal(faultOf(bytesOf('map', 'car2')), 'invalid at 2');
  });

  it('objects are read, with the reference to the one outside', () => {
    for (const value of [0n, 1n]) {
      assert.deepEqual(
        singleValueOf(bytesOf('object', `AtomicLong${value}`)),
        object('java.util.concurrent.atomic.AtomicLong', { value }),
      );
    }
    const request = singleValueOf(bytesOf('object', 'ConnectionRequest')) as HessianObject;
    assert.equal(request.className, 'hessian.ConnectionRequest');
    const context = request.get('ctx') as HessianObject;
    assert.equal(context.className, 'hessian.ConnectionRequest$RequestContext');
    assert.deepEqual([...context.fields.keys()], ['id', 'this$0']);
    assert.equal(context.get('id'), 101);
    assert.equal(context.get('this$0'), request);
    assert.equal(filesOf('object').length, 3);
  });

  it('exceptions are read, with themselves as their cause', () => {
    const check = (value: HessianValue | undefined, message: string, line: number): void => {
      const exception = value as HessianObject;
      assert.equal(exception.className, 'java.io.IOException');
      assert.equal(exception.get('detailMessage'), message);
      assert.equal(exception.get('cause'), exception);
      const trace = exception.get('stackTrace') as HessianList;
      assert.equal(trace.type, '[java.lang.StackTraceElement');
      assert.deepEqual(trace.items, [
        object('java.lang.StackTraceElement', {
          declaringClass: 'hessian.Main',
          methodName: 'main',
          fileName: 'Main.java',
          lineNumber: line,
        }),
      ]);
    };
    check(singleValueOf(bytesOf('exception', 'IOException')), 'this is a java IOException instance', 1283);

    const wrapped = singleValueOf(bytesOf('exception', 'UndeclaredThrowableException')) as HessianObject;
    assert.equal(wrapped.className, 'java.lang.reflect.UndeclaredThrowableException');
    check(wrapped.get('undeclaredThrowable'), 'this is a java IOException instance', 1283);

    const second = singleValueOf(bytesOf('exception', 'UndeclaredThrowableException2')) as HessianObject;
    assert.equal(second.get('detailMessage'), '模拟测试异常');
    check(second.get('undeclaredThrowable'), 'this is a java IOException instance', 1283);
    const [frame] = (second.get('stackTrace') as HessianList).items as HessianObject[];
    assert.equal(frame!.get('lineNumber'), 1303);

    const third = singleValueOf(bytesOf('exception', 'UndeclaredThrowableException3')) as HessianObject;
    const inner = third.get('undeclaredThrowable') as HessianObject;
    assert.equal(inner.className, 'com.taobao.hsf.exception.HSFServiceAddressNotFoundException');
    assert.equal(inner.get('detailMessage'), 'HSFServiceAddressNotFoundException-');
    assert.equal((inner.get('stackTrace') as HessianList).items.length, 56);
    assert.equal(filesOf('exception').length, 4);
  });

  it('end exactly where the file ends when skipped', () => {
    const refused = new Set(['map/car2', 'string/large_string_chars', 'string/large_string_chars_65536']);
    for (const folder of readdirSync(FIXTURES)) {
      for (const file of filesOf(folder)) {
        if (refused.has(`${folder}/${file}`)) continue;
        const reader = readerOf(bytesOf(folder, file));
        skipValue(reader);
        assert.equal(reader.position, reader.end, `${folder}/${file}`);
      }
    }
  });
});
