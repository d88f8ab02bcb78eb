import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { headerText } from '../../../src/http/header-text.ts';

describe('header text', () => {
  it('is ASCII as it stands', () => {
    assert.equal(headerText('acme, "x"'), 'acme, "x"');
  });

  it('is UTF-8 where the bytes are, else ISO 8859-1', () => {
    assert.equal(headerText(Buffer.from('Zoë 中😀').toString('latin1')), 'Zoë 中😀');
    assert.equal(headerText('Zo\xeb'), 'Zoë');
    assert.equal(headerText('\xc3'), 'Ã');
  });
});
