import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface AskRemoveProps {
  question: string;
  /** What would be deleted, below the question. */
  children?: ComponentChildren;
  keep: string;
  remove: string;
  onKeep(): void;
  onRemove(): void;
}

/** Asks, in the place of an item, whether to delete it. The safe answer has the keyboard. */
export function AskRemove({ question, children, keep, remove, onKeep, onRemove }: AskRemoveProps): JSX.Element {
  const safe = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => safe.current?.focus(), []);
  return (
    <div class="card-ask">
      <p>{question}</p>
      {children}
      <div class="row">
        <button type="button" class="soft-button" ref={safe} onClick={onKeep}>
          {keep}
        </button>
        <button type="button" class="danger-button" onClick={onRemove}>
          {remove}
        </button>
      </div>
    </div>
  );
}
