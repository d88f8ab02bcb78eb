import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reservedAttachmentReason } from '../../../src/config/reserved-attachments.ts';

describe('reservedAttachmentReason()', () => {
  it('refuses the keys that choose service, decoding or rights, in any case', () => {
    const keys =
      'path interface version group dubbo token generic timeout _TO async return id input output application remote.application sys_callback_arg-0 dubbo.x';
    for (const key of keys.split(' ')) {
      for (const form of [key, key.toUpperCase(), key.toLowerCase()]) assert.ok(reservedAttachmentReason(form), form);
    }
  });

  it('lets others pass, dubbo.tag among them', () => {
    for (const key of ['tenant', 'dubbo.tag', 'dubbox', 'user-id', 'paths', '__proto__', 'constructor', '']) {
      assert.equal(reservedAttachmentReason(key), undefined, key);
    }
  });

  it('says what to do instead', () => {
    assert.match(reservedAttachmentReason('Timeout')!, /timeoutMs/);
  });
});
