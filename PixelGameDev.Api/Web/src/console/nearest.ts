/** Returns the name that differs by at most two letters, or by one in a short name; two letters that changed places count as one. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const most = name.length < 5 ? 1 : 2;
  let best: string | undefined;
  let bestDistance = most + 1;
  for (const other of names) {
    const distance = distanceOf(name, other);
    if (distance > 0 && distance < bestDistance) [best, bestDistance] = [other, distance];
  }
  return best;
}

/** Returns how many letters must be added, dropped, changed, or swapped with their neighbour. */
function distanceOf(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j]!, before[j - 2]! + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
