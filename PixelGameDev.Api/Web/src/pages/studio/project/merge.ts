import { diff3Merge, diffIndices } from 'node-diff3';
import type { TextEdit } from './projectPorts';

/** Maximum number of lines. For a longer text the person chooses, because a comparison takes too long while somebody types. */
const maxLines = 5000;
/** Maximum of what the comparison does: for each line of a text, it may try each pair of equal lines. */
const maxWork = 5e8;

/**
 * Puts two texts together that were made from the same one: lines that only one of them has changed come from that one. Undefined if both
 * changed the same place, or lines next to each other.
 */
export function mergeTexts(base: string, mine: string, theirs: string): string | undefined {
  const texts = [mine, base, theirs].map((text) => text.replaceAll('\r\n', '\n').split('\n')) as [string[], string[], string[]];
  if (texts.some(({ length }) => length > maxLines) || workOf(texts) > maxWork) return undefined;
  const regions = diff3Merge(...texts, { excludeFalseConflicts: true });
  const lines: string[] = [];
  for (const { ok } of regions) {
    if (ok === undefined) return undefined;
    lines.push(...ok);
  }
  return lines.join('\n');
}

/** Returns about how many steps a comparison takes. Thousands of equal lines, such as those of a level in numbers, take minutes. */
function workOf(texts: readonly string[][]): number {
  const counts = new Map<string, number>();
  for (const text of texts) for (const line of text) counts.set(line, (counts.get(line) ?? 0) + 1);
  const pairs = [...counts.values()].reduce((sum, count) => sum + count * count, 0);
  return pairs * Math.max(...texts.map(({ length }) => length));
}

/** Returns the changes of whole lines that make one text out of another, so that a cursor between them stays where it is. */
export function editsBetween(before: string, after: string): TextEdit[] {
  const from = before.split('\n');
  const starts = [0];
  for (const line of from) starts.push(starts.at(-1)! + line.length + 1);
  return diffIndices(from, after.split('\n')).map(({ buffer1: [first, count], buffer2Content: lines }) => {
    const end = first + count;
    const insert = lines.join('\n');
    // The last line has no break after it: the one before it is part of the change.
    if (end === from.length) {
      const start = Math.max(0, starts[first]! - 1);
      return { from: start, to: before.length, insert: first === 0 || lines.length === 0 ? insert : `\n${insert}` };
    }
    return { from: starts[first]!, to: starts[end]!, insert: lines.length === 0 ? '' : `${insert}\n` };
  });
}
