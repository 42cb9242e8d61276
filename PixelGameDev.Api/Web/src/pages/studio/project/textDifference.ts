export interface DifferingLines {
  /** Number of the first line that differs, from 1. */
  line: number;
  mine: string[];
  theirs: string[];
}

/** Returns the lines in which two texts differ, without the common beginning and the common end. */
export function differingLines(mine: string, theirs: string): DifferingLines {
  const a = mine.split('\n');
  const b = theirs.split('\n');
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return { line: start + 1, mine: a.slice(start, a.length - end), theirs: b.slice(start, b.length - end) };
}
