import { toast } from './toasts';

/** Returns the sentence of an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Shows the reason if an action of the person failed. */
export async function attempt(action: Promise<unknown>): Promise<void> {
  try {
    await action;
  } catch (error) {
    toast(messageOf(error), { kind: 'bad' });
  }
}
