import { signal } from '@preact/signals';
import { api } from '../api/api';
import type { Me } from '../api/types';

/** The account of this browser; undefined until the server has answered. */
export const person = signal<Me | undefined>(undefined);

/** Who may make an account on this server (`open`, `invitation` or `closed`); undefined until the server has answered. */
export const signUpMode = signal<string | undefined>(undefined);

/** Whether this server has a gallery; false until the server has answered. */
export const hasGallery = signal(false);

/** True if this browser now has another account than the page was made for. */
export const personChanged = signal(false);

let asked: Promise<Me> | undefined;

/** Asks once for the account of this browser; at the first visit it becomes a guest. Asks again after a failure. */
export function whoIsHere(): Promise<Me> {
  asked ??= api.me().then(
    (me) => {
      person.value = me;
      return me;
    },
    (error: unknown) => {
      asked = undefined;
      throw error;
    },
  );
  return asked;
}

/** Returns whether this browser still has the account that the page was made for. Rejects if the server does not answer. */
export async function isSamePerson(): Promise<boolean> {
  return (await api.me()).id === person.value?.id;
}
