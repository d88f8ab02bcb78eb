import assert from 'node:assert/strict';
import type { ProblemReply, Reply } from '../../support/http-caller.ts';
import { canonicalJson } from '../cases/canonical-json.ts';

/** An answer in one line: JSON with sorted keys and its very digits, `204` or `202`, or status and code of an error. */
export function shownAnswer({ status, headers, text }: Reply): string {
  if (status === 204 || status === 202) {
    assert.equal(text, '');
    return String(status);
  }
  if (status === 200) {
    assert.equal(headers['content-type'], 'application/json; charset=utf-8');
    return canonicalJson(text);
  }
  assert.equal(headers['content-type'], 'application/problem+json');
  const problem = JSON.parse(text) as ProblemReply;
  assert.equal(problem.status, status);
  return `${status} ${problem.code}`;
}

/** What a case expects, in the form of {@link shownAnswer}. */
export function expectedAnswer(expected: string): string {
  return /^\d{3}(?: [A-Z_]+)?$/.test(expected) ? expected : canonicalJson(expected);
}
