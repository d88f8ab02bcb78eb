/**
 * The known name that is most likely meant: equal but for its case, else the one with the fewest edits (a letter left
 * out, added, changed, or two swapped), when these are few for its length. Undefined when none is near.
 */
export function nearestName(text: string, candidates: Iterable<string>): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const lower = text.toLowerCase();
  let best: string | undefined;
  let bestDistance = allowedEdits(text) + 1;
  for (const candidate of candidates) {
    if (candidate === text) continue;
    if (Math.abs(candidate.length - text.length) >= bestDistance) continue;
    const distance = editDistance(lower, candidate.toLowerCase(), bestDistance);
    if (distance >= bestDistance) continue;
    if (distance === 0) return candidate;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** Names are short; a longer text is not compared, so that the work stays bounded. */
const MAX_LENGTH = 100;

function allowedEdits(text: string): number {
  return Math.min(3, text.length === 1 ? 0 : Math.ceil(text.length / 3));
}

/** Damerau-Levenshtein distance (optimal string alignment); `limit` or more when it is not below `limit`. */
function editDistance(left: string, right: string, limit: number): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let distance = Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + (same ? 0 : 1));
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped) distance = Math.min(distance, beforePrevious[column - 2]! + 1);
      current.push(distance);
      least = Math.min(least, distance);
    }
    if (least >= limit) return limit;
    beforePrevious = previous;
    previous = current;
  }
  return previous[right.length]!;
}
