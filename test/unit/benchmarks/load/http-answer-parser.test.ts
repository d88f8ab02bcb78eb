import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BadAnswerError, HttpAnswerParser } from '../../../../benchmarks/load/http-answer-parser.ts';

const SUCCESS = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a":1}';
const REFUSAL =
  'HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\nContent-Length: 38\r\nConnection: close\r\n\r\n' +
  '{"status":503,"code":"BULKHEAD_FULL"} ';

describe('HttpAnswerParser', () => {
  it('gives an answer when it is complete, however its bytes come', () => {
    for (const [text, expected] of [
      [SUCCESS, { status: 200, code: undefined, bodyBytes: 7, hasRetryAfter: false, closes: false }],
      [REFUSAL, { status: 503, code: 'BULKHEAD_FULL', bodyBytes: 38, hasRetryAfter: true, closes: true }],
      [
        'HTTP/1.1 204 No Content\r\n\r\n',
        { status: 204, code: undefined, bodyBytes: 0, hasRetryAfter: false, closes: false },
      ],
    ] as const) {
      for (let cut = 0; cut < text.length; cut++) {
        const parser = new HttpAnswerParser();
        // Twice, since a connection is used again.
        for (let turn = 0; turn < 2; turn++) {
          if (cut > 0) assert.equal(parser.push(Buffer.from(text.slice(0, cut))), undefined, `cut at ${cut}`);
          assert.deepEqual(parser.push(Buffer.from(text.slice(cut))), expected, `cut at ${cut}`);
        }
      }
    }
  });

  it('is done with the bytes when it returns', () => {
    const parser = new HttpAnswerParser();
    const lent = Buffer.from(REFUSAL.slice(0, 120));
    assert.equal(parser.push(lent), undefined);
    lent.fill(0);
    assert.equal(parser.push(Buffer.from(REFUSAL.slice(120)))?.code, 'BULKHEAD_FULL');
  });

  it('takes nothing for an answer that is none', () => {
    const wrong = [
      'SSH-2.0-OpenSSH\r\n\r\n',
      'HTTP/1.1 100 Continue\r\n\r\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n',
      `${SUCCESS}HTTP/1.1 200 OK\r\n`,
      'x'.repeat(70_000),
    ];
    for (const text of wrong) {
      assert.throws(() => new HttpAnswerParser().push(Buffer.from(text)), BadAnswerError, text.slice(0, 60));
    }
  });
});
