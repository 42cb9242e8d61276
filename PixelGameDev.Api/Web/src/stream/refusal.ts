/** Reasons why the server does not let this page watch, although the page did nothing wrong (docs/PROTOCOL.md, "Budgets"). */
export type Refusal = 'too_many_viewers' | 'too_many_streams' | 'too_many_watchers';

const refusals: readonly Refusal[] = ['too_many_viewers', 'too_many_streams', 'too_many_watchers'];

/** Returns the first word of a connection's close reason, if it is one of those above. */
export function refusalOf(close: { code: number; reason: string }): Refusal | undefined {
  return close.code === 1008 ? refusals.find((refusal) => close.reason.startsWith(`${refusal}:`)) : undefined;
}
