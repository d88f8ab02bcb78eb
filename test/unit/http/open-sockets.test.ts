import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { OpenSockets } from '../../../src/http/open-sockets.ts';

function fakeSocket(): Socket {
  return new EventEmitter() as Socket;
}

test('holds those that are open, in the order in which they came', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(20), { nil: undefined }), { maxLength: 100 }), (steps) => {
      const sockets = new OpenSockets();
      const expected: Socket[] = [];
      for (const closing of steps) {
        if (closing === undefined) {
          const socket = fakeSocket();
          sockets.add(socket);
          expected.push(socket);
        } else {
          expected.splice(closing, 1)[0]?.emit('close');
        }
        assert.equal(sockets.size, expected.length);
        const held = sockets.toArray();
        assert.ok(held.length === expected.length && held.every((socket, i) => socket === expected[i]));
      }
    }),
  );
});

test('lets a socket go once that closes twice', () => {
  const sockets = new OpenSockets();
  const [closing, open] = [fakeSocket(), fakeSocket()];
  sockets.add(closing);
  sockets.add(open);
  closing.emit('close');
  closing.emit('close');
  assert.equal(sockets.size, 1);
  assert.ok(sockets.toArray()[0] === open);
});
