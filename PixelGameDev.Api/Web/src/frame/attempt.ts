import { strings } from '../language';
import { isMissingPart } from './missingPart';
import { toast } from './toasts';

/** Returns the sentence of an error. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isMissingPart(error) ? strings.missingPart : error.message;
}

/** Shows the reason if an action of the person failed. */
export async function attempt(action: Promise<unknown>): Promise<void> {
  try {
    await action;
  } catch (error) {
    // A bar on the page says it already.
    if (!(error instanceof Error && isMissingPart(error))) toast(messageOf(error), { kind: 'bad' });
  }
}
