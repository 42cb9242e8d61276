import { toast } from './toasts';

/** The sentence of an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Shows the reason when something the person asked for did not work. */
export async function attempt(action: Promise<unknown>): Promise<void> {
  try {
    await action;
  } catch (error) {
    toast(messageOf(error), { kind: 'bad' });
  }
}
