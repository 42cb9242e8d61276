import { signal } from '@preact/signals';
import { api } from '../api/api';
import type { Me } from '../api/types';

/** The person of this browser; undefined until the server has said who it is. */
export const person = signal<Me | undefined>(undefined);

/** This browser speaks for somebody else now than for whom the page was made. */
export const personChanged = signal(false);

let asked: Promise<Me> | undefined;

/** Asks once who this browser is; at the first visit it becomes a guest. Asked again after it failed. */
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

/** Whether this browser still speaks for the person that the page was made for. Rejects when the server does not answer. */
export async function isSamePerson(): Promise<boolean> {
  return (await api.me()).id === person.value?.id;
}
