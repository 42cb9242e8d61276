/** Waiting time before the n-th try (0 is the first), milliseconds: doubled each time, bounded, a little spread. */
export function backoff(attempt: number, first: number, longest: number, random: () => number = Math.random): number {
  const base = Math.min(longest, first * 2 ** Math.min(attempt, 16));
  return Math.round(base * (0.8 + 0.4 * random()));
}
