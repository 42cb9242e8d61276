/** Returns the wait before the n-th attempt (0 is the first), milliseconds: doubled each time, limited, with a small random part. */
export function backoff(attempt: number, first: number, longest: number, random: () => number = Math.random): number {
  const base = Math.min(longest, first * 2 ** Math.min(attempt, 16));
  return Math.round(base * (0.8 + 0.4 * random()));
}
