import { effect, type ReadonlySignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';

/**
 * Applies a signal to an element in the moment in which it changes. A drawing comes a little later: too late where the same code goes on
 * to use the element (to focus what was hidden), or where the next press may come before.
 */
export function useAtOnce<T>(signal: ReadonlySignal<T>, apply: (value: T) => void): void {
  useLayoutEffect(() => effect(() => apply(signal.value)), []);
}
