import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { messageOf } from '../attempt';

/** An answer of the server: not there yet, there, or failed. */
export type Loaded<T> = { state: 'loading' } | { state: 'there'; value: T } | { state: 'failed'; message: string };

/** Asks the server when the component appears, and again at each call of the returned function. The old value stays until then. */
export function useLoaded<T>(load: () => Promise<T>): [ReadonlySignal<Loaded<T>>, () => void] {
  const loaded = useSignal<Loaded<T>>({ state: 'loading' });
  const ask = (): void => {
    load().then(
      (value) => {
        loaded.value = { state: 'there', value };
      },
      (error: unknown) => {
        loaded.value = { state: 'failed', message: messageOf(error) };
      },
    );
  };
  useEffect(ask, []);
  return [loaded, ask];
}
