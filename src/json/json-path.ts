import type { JsonDocument } from './json-document.ts';
import { JsonKind } from './json-tape.ts';

/** The keys and indexes that lead from the root to a node; for a key those to its value. Found by walking down again. */
export function pathTo(doc: JsonDocument, target: number): (string | number)[] {
  const path: (string | number)[] = [];
  let container: number = doc.root;
  while (container !== target) {
    const end = doc.end(container);
    if (doc.kind(container) === JsonKind.Array) {
      let index = 0;
      let child = doc.firstChild(container);
      while (child < end && doc.next(child) <= target) {
        child = doc.next(child);
        index++;
      }
      path.push(index);
      container = child;
    } else {
      let key = doc.firstMember(container);
      while (key < end && doc.next(doc.memberValue(key)) <= target) key = doc.nextMember(key, end);
      path.push(doc.stringValue(key));
      if (key === target) break;
      container = doc.memberValue(key);
    }
  }
  return path;
}

/** A path behind the name of its root: `$.items[3]["odd name"]` for root `$`. */
export function formatJsonPath(root: string, path: readonly (string | number)[]): string {
  let text = root;
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += isPlainName(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  }
  return text;
}

function isPlainName(name: string): boolean {
  return name.length <= 100 && /^[A-Za-z_$][\w$-]*$/.test(name);
}
