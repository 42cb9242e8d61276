import { diffLines } from 'diff';

/** A line of a difference: only then, only now, or in both. */
export interface DiffLine {
  kind: 'past' | 'now' | 'both';
  text: string;
}

/** Lines that are the same and not shown. */
export interface Skipped {
  kind: 'skipped';
  lines: number;
}

/** Same lines that are shown around a difference. */
const context = 2;

/** Returns the lines in which two texts differ, each with what surrounds it. Texts that differ very much are shown one after the other. */
export function lineDiff(past: string, now: string): (DiffLine | Skipped)[] {
  const parts = diffLines(past.replaceAll('\r\n', '\n'), now.replaceAll('\r\n', '\n'), { maxEditLength: 1000 }) ?? [
    { value: past, removed: true, added: false },
    { value: now, removed: false, added: true },
  ];
  const all: DiffLine[] = parts.flatMap(({ value, added, removed }) => {
    const kind = added ? ('now' as const) : removed ? ('past' as const) : ('both' as const);
    return value
      .replace(/\n$/, '')
      .split('\n')
      .map((text) => ({ kind, text }));
  });
  const near = (at: number): boolean => all.slice(Math.max(0, at - context), at + context + 1).some(({ kind }) => kind !== 'both');
  const shown: (DiffLine | Skipped)[] = [];
  for (const [at, line] of all.entries()) {
    const last = shown.at(-1);
    if (near(at)) shown.push(line);
    else if (last?.kind === 'skipped') last.lines++;
    else shown.push({ kind: 'skipped', lines: 1 });
  }
  return shown;
}
