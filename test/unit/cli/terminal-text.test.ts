import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  displayWidth,
  padEnd,
  printable,
  shareColumns,
  shortenEnd,
  shortenMiddle,
} from '../../../src/cli/terminal-text.ts';

const KEY = 'com.acme.user.UserService:1.0.0:core#getUser(long)';
const anyText = fc.string({ unit: 'binary' });
const columnCounts = fc.integer({ min: 0, max: 60 });

describe('printable', () => {
  it('leaves out what could steer a terminal, and makes one line of several', () => {
    const expectations: readonly (readonly [text: string, expected: string])[] = [
      ['plain text', 'plain text'],
      ['\u001b[31mred\u001b[0m', '[31mred[0m'],
      ['\u009b2Jgone', '2Jgone'],
      ['bell\u0007 and \u007fdelete', 'bell and delete'],
      ['one\r\ntwo\tthree\u2028four', 'one two three four'],
      ['\u202etxt.exe', 'txt.exe'],
      ['zero\u200bwidth\ufeff', 'zerowidth'],
      ['half \ud83d', 'half '],
      ['数据库 😀', '数据库 😀'],
    ];
    for (const [text, expected] of expectations) assert.equal(printable(text), expected);
  });

  it('leaves no control character of any text', () => {
    fc.assert(fc.property(anyText, (text) => !/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(printable(text))));
  });
});

describe('displayWidth', () => {
  it('counts two columns for a wide character, and none for a mark', () => {
    const expectations: readonly (readonly [text: string, columns: number])[] = [
      ['', 0],
      [KEY, KEY.length],
      ['é', 1],
      ['e\u0301', 1],
      ['数据库', 6],
      ['カナ', 4],
      ['한국', 4],
      ['ＡＢ', 4],
      ['😀', 2],
      ['naïve', 5],
    ];
    for (const [text, columns] of expectations) assert.equal(displayWidth(text), columns, text);
  });
});

describe('shortenEnd and shortenMiddle', () => {
  it('leave alone what fits', () => {
    assert.equal(shortenEnd(KEY, KEY.length), KEY);
    assert.equal(shortenMiddle(KEY, KEY.length), KEY);
  });

  it('cut what does not', () => {
    assert.equal(shortenEnd(KEY, 12), 'com.acme....');
    assert.equal(shortenMiddle(KEY, 22), 'com.ac...getUser(long)');
    assert.equal(shortenMiddle(KEY, 30), 'com.acme....core#getUser(long)');
    assert.equal(shortenMiddle(KEY, 5), '...g)');
    assert.equal(shortenMiddle('数据库数据库', 9), '数...据库');
    assert.equal(shortenEnd('数据库', 5), '数...');
  });

  it('never exceed the columns, and use all but one of them', () => {
    fc.assert(
      fc.property(anyText.map(printable), columnCounts, (text, columns) => {
        for (const short of [shortenEnd(text, columns), shortenMiddle(text, columns)]) {
          assert.ok(displayWidth(short) <= columns);
          if (displayWidth(text) > columns) assert.ok(displayWidth(short) >= columns - 2, short);
        }
      }),
    );
  });
});

describe('shareColumns', () => {
  it('gives the key what the reason leaves, and half at least', () => {
    assert.deepEqual(shareColumns(KEY, 'slow', 100), [KEY, 'slow']);
    assert.deepEqual(shareColumns(KEY, 'slow', 26), ['com.ac...getUser(long)', 'slow']);
    assert.deepEqual(shareColumns('a#b()', '30 of 40 calls in 10 s took 2 s or longer', 20), [
      'a#b()',
      '30 of 40 cal...',
    ]);
  });

  it('never exceeds the columns together', () => {
    fc.assert(
      fc.property(anyText.map(printable), anyText.map(printable), columnCounts, (key, reason, columns) => {
        const [shortKey, shortReason] = shareColumns(key, reason, columns);
        assert.ok(displayWidth(shortKey) + displayWidth(shortReason) <= columns);
      }),
    );
  });
});

describe('padEnd', () => {
  it('fills up to the column, counting wide characters', () => {
    assert.equal(padEnd('ab', 4), 'ab  ');
    assert.equal(padEnd('数', 4), '数  ');
    assert.equal(padEnd('abcdef', 4), 'abcdef');
  });
});
