/**
 * Says of the body of an answer whether it is the expected one.
 *
 * autocannon makes text of each piece of an answer for itself: a character that is cut by the end of a piece becomes two
 * or three signs of replacement. What differs is therefore compared once more without what is not ASCII.
 */
export function bodyCheck(expected: string): (body: string) => boolean {
  const expectedAscii = asciiOf(expected);
  return (body) => body === expected || asciiOf(body) === expectedAscii;
}

function asciiOf(text: string): string {
  return text.replace(NOT_ASCII, '');
}

const NOT_ASCII = /[\u0080-\uffff]+/g;
