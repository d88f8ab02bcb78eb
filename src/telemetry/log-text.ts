/**
 * JSON strings for log lines. JSON itself escapes control characters and quotes; here the C1 controls, direction
 * marks, line separators and other invisible characters are escaped too, so that no text from outside can change what
 * a terminal or a line-based reader shows.
 */

const UNSAFE = /[\u007f-\u009f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A JSON text whose invisible characters are escaped; it stays the same JSON value. */
export function escapeInvisible(json: string): string {
  return json.replace(UNSAFE, escapeCharacter);
}

/** A string as JSON text, safe for a log line. */
export function logString(text: string): string {
  return escapeInvisible(JSON.stringify(text));
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
