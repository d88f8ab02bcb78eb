import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type InterpolationProblem, interpolate } from '../../../src/config/interpolate.ts';

const SOURCE = {
  environment: { PORT: '8080', EMPTY: '', NESTED: `\${PORT}` },
  readFile: (path: string): string => {
    if (path === '/run/secrets/token') return 'line one\nline two\n';
    throw new Error('it does not exist');
  },
};

function resolve(text: string): string | readonly InterpolationProblem[] {
  const problems: InterpolationProblem[] = [];
  const result = interpolate(text, SOURCE, (problem) => problems.push(problem));
  return result === undefined ? problems : result.text;
}

describe('interpolate', () => {
  it('puts variables and files into the text', () => {
    assert.equal(resolve(`http://\${PORT}/\${PORT}`), 'http://8080/8080');
    assert.equal(resolve(`\${file:/run/secrets/token}`), 'line one\nline two');
  });

  it('uses the default for what is unset or empty', () => {
    assert.equal(resolve(`\${NONE:-a:b?c}`), 'a:b?c');
    assert.equal(resolve(`\${EMPTY:-x}`), 'x');
    assert.equal(resolve(`\${PORT:-x}`), '8080');
    assert.equal(resolve(`\${EMPTY}`), '');
    assert.equal(resolve(`\${NONE:-}`), '');
  });

  it('escapes with a second dollar sign', () => {
    assert.equal(resolve(`$\${PORT}`), `\${PORT}`);
    assert.equal(resolve(`$\${PORT} \${PORT} $$\${PORT}`), `\${PORT} 8080 $\${PORT}`);
    assert.equal(resolve('$PORT {PORT} $'), '$PORT {PORT} $');
  });

  it('only warns of what is missing where not all is known', () => {
    const problems: InterpolationProblem[] = [];
    const partly = { ...SOURCE, isComplete: false };
    const text = `\${NONE} \${NONE:?why} \${file:/run/secrets/token} \${file:} \${1}`;
    assert.equal(
      interpolate(text, partly, (problem) => problems.push(problem)),
      undefined,
    );
    assert.deepEqual(
      problems.map(({ severity, offset }) => `${severity} ${offset}`),
      ['warning 0', 'warning 8', 'warning 21', 'error 48', 'error 57'],
    );
    assert.equal(problems[0]!.message, `\${NONE} is not known here, so this value is not checked`);
    assert.equal(interpolate(`\${PORT} \${NONE:-x}`, partly, ({ message }) => assert.fail(message))?.text, '8080 x');
  });

  it('does not resolve what a variable holds', () => {
    assert.equal(resolve(`\${NESTED}`), `\${PORT}`);
  });

  it('says what is wrong and where, all in one go', () => {
    const problems = resolve(`a \${NONE} \${NONE:?ask us} \${file:/x} \${a b} \${`);
    assert.ok(typeof problems !== 'string');
    assert.deepEqual(
      problems.map(({ offset }) => offset),
      [2, 10, 26, 37, 44],
    );
    assert.match(problems[1]!.message, /ask us/);
  });

  it('knows no variables of the prototype', () => {
    assert.notEqual(typeof resolve(`\${constructor}`), 'string');
  });

  it('gives any escaped text back', () => {
    const pieces = fc.array(fc.constantFrom('$', '{', '}', 'a', ':-'));
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('');
        assert.equal(resolve(text.replaceAll(`\${`, (start) => `$${start}`)), text);
      }),
    );
  });
});
