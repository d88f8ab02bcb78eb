import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isJavaUri } from '../../../../src/transcoder/arguments/uri-text.ts';

const GOOD = [
  '',
  '*',
  '?q',
  '#f',
  '/a:b',
  './1:b',
  'a/b:c',
  '//h',
  'https://example.org/a?b=c#d',
  'http://a.b/?q=[1]',
  'http://a_b/x',
  'http://u:p@h:80/',
  'http://h:/',
  'http://[::1]:80/x',
  'http://u@[::1]',
  'http://%41/',
  'file:///x',
  'urn:a:b',
  'mailto:a@b.example',
  'a%20b',
  `/${'a'.repeat(2047)}`,
];
const BAD = [
  'a b',
  'é',
  'a\\b',
  'a%zz',
  'a%2',
  '1a:b',
  'x#a#b',
  'http://',
  'mailto:',
  'mailto:#f',
  'http://h|/',
  'http://a.b/x[1]',
  'http://[x',
  'http://[x]/',
  'http://[::1]x/',
  'http://[1:2]/',
  '{a}',
  'a\n',
  `/${'a'.repeat(2048)}`,
];

describe('isJavaUri', () => {
  for (const text of GOOD) {
    it(`accepts ${JSON.stringify(text.slice(0, 40))}`, () => assert.equal(isJavaUri(text), true));
  }
  for (const text of BAD) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => assert.equal(isJavaUri(text), false));
  }

  it('takes time in proportion to the length, whatever the characters', () => {
    for (const text of ['@', ':', '%41', '/', '[', '?', '//@', 'a:']) {
      const long = `//${text.repeat(700)}\u0000`;
      assert.equal(isJavaUri(long), false);
    }
  });
});
