import type { JavaValue } from './java-value.ts';

const MAX_CHARACTERS = 64 * 1024;

/**
 * Says in a short text which Hessian value this is: `int 5`, `long 5`, `double 1.5`, `string "x"`, `true`, `null`,
 * `date 894621091000`, `binary 2`, `list[int 1, int 2]`, `list<[string>[…]`, `map{string "a": int 1}`,
 * `map<java.util.TreeMap>{…}`, `object com.acme.User{id: long 1}`, and `cycle` for a container inside of itself. An
 * ArrayList's type is shown like every other. Cut after 64 Ki characters.
 */
export function describeValue(value: JavaValue): string {
  return describe(value, []).slice(0, MAX_CHARACTERS);
}

function describe(value: JavaValue, open: object[]): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return `string ${JSON.stringify(value)}`;
  switch (value.kind) {
    case 'int':
    case 'long':
    case 'double':
      return `${value.kind} ${value.value}`;
    case 'date':
      return `date ${value.epochMs}`;
    case 'binary':
    case 'raw':
      return `${value.kind} ${value.bytes.length}`;
    default:
  }
  if (open.includes(value)) return 'cycle';
  open.push(value);
  const parts: string[] = [];
  let characters = 0;
  const add = (part: string): boolean => {
    parts.push(part);
    characters += part.length;
    return characters < MAX_CHARACTERS;
  };
  let text: string;
  if (value.kind === 'list') {
    value.items.every((item) => add(describe(item, open)));
    text = `list${value.type === null ? '' : `<${value.type}>`}[${parts.join(', ')}]`;
  } else if (value.kind === 'map') {
    value.entries.every(([key, item]) => add(`${describe(key, open)}: ${describe(item, open)}`));
    text = `map${value.type === null ? '' : `<${value.type}>`}{${parts.join(', ')}}`;
  } else {
    value.fields.every(([name, item]) => add(`${name}: ${describe(item, open)}`));
    text = `object ${value.className}{${parts.join(', ')}}`;
  }
  open.pop();
  return text.length > MAX_CHARACTERS ? text.slice(0, MAX_CHARACTERS) : text;
}
