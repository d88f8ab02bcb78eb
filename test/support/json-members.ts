/** The members of a JSON object as the very texts that stand there, by key. JSON.parse would round numbers. */
export function jsonMembers(text: string): Map<string, string> {
  const members = new Map<string, string>();
  let position = 1;
  while (text[position] === '"') {
    const colon = endOfValue(text, position);
    const end = endOfValue(text, colon + 1);
    members.set(JSON.parse(text.slice(position, colon)), text.slice(colon + 1, end));
    position = end + 1;
  }
  return members;
}

/** The end of the value that starts at `start`: the next `,`, `:` or closing bracket outside of it. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let position = start; position < text.length; position++) {
    const character = text[position]!;
    if (character === '"') {
      position = endOfString(text, position);
    } else if (character === '{' || character === '[') {
      depth++;
    } else if (depth === 0 && ',:}]'.includes(character)) {
      return position;
    } else if (character === '}' || character === ']') {
      depth--;
    }
  }
  throw new Error('the JSON text ends in the middle of a value');
}

/** The closing quote of the string that starts at `start`. */
function endOfString(text: string, start: number): number {
  for (let position = start + 1; position < text.length; position++) {
    if (text[position] === '\\') position++;
    else if (text[position] === '"') return position;
  }
  throw new Error('the JSON text ends in the middle of a string');
}
