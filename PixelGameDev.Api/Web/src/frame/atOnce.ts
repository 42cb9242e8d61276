import { effect, type ReadonlySignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';

/**
 * Applies a signal to an element at the moment of a change. The next drawing would be too late if the same code goes on to use the element
 * (to focus what was hidden), or if the next press may come first.
 */
export function useAtOnce<T>(signal: ReadonlySignal<T>, apply: (value: T) => void): void {
  useLayoutEffect(() => effect(() => apply(signal.value)), []);
}
