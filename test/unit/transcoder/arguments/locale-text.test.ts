import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { javaLocaleText } from '../../../../src/transcoder/arguments/locale-text.ts';

const GOOD: readonly (readonly [string, string])[] = [
  ['de', 'de'],
  ['DE', 'de'],
  ['zh-TW', 'zh_TW'],
  ['zh_TW', 'zh_TW'],
  ['zh-tw', 'zh_TW'],
  ['fil-PH', 'fil_PH'],
  ['es-419', 'es_419'],
  ['en_US_POSIX', 'en_US_POSIX'],
  ['ca-ES-valencia', 'ca_ES_valencia'],
  ['de-1996', 'de__1996'],
  ['de__POSIX', 'de__POSIX'],
  ['sl-rozaj-biske', 'sl__rozaj_biske'],
  ['no_NO_NY', 'no_NO_NY'],
];
const BAD = [
  '',
  'e',
  '419',
  'root-US',
  'zh-Hant',
  'zh-Hant-TW',
  'zh_TW_#Hant',
  'de-DE-u-co-phonebk',
  'x-private',
  'de_',
  'de__',
  'de-DE-',
  '_CH',
  'de DE',
  'de_DE_ü',
  `de${'-abcdefgh'.repeat(10)}`,
];

describe('javaLocaleText', () => {
  for (const [text, expected] of GOOD) {
    it(`makes ${expected} of ${text}`, () => assert.equal(javaLocaleText(text), expected));
  }
  for (const text of BAD) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(javaLocaleText(text), undefined));
  }
});
