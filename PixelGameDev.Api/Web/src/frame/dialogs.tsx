import { signal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { strings } from '../language';
import { IconButton } from './iconButton';

export interface DialogOptions {
  /** Called at each drawing, so that the title follows the language. */
  title(): string;
  testId: string;
  /** Returns the content of the dialog; an element with `autofocus` gets the keyboard. */
  content(close: () => void): ComponentChildren;
  /** Called however the dialog closes. */
  onClose?(): void;
}

interface OpenDialog extends DialogOptions {
  id: number;
}

const open = signal<readonly OpenDialog[]>([]);
let lastId = 0;

/** Opens a dialog over the page. A dialog that is already open stays as it is. */
export function openDialog(options: DialogOptions): void {
  if (open.value.some(({ testId }) => testId === options.testId)) return;
  open.value = [...open.value, { ...options, id: ++lastId }];
}

/** Draws the open dialogs, once on every page. */
export function Dialogs(): JSX.Element {
  return (
    <>
      {open.value.map((dialog) => (
        <Dialog key={dialog.id} {...dialog} />
      ))}
    </>
  );
}

/**
 * Draws a dialog that closes on Escape, on a click outside, and with its button. The browser's own dialog element keeps the keyboard inside
 * while it is open, and then returns it to its earlier place.
 */
function Dialog({ id, title, testId, content, onClose }: OpenDialog): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const back = useRef<Element | null>(null);
  useLayoutEffect(() => {
    back.current = document.activeElement;
    dialog.current!.showModal();
  }, []);
  const close = (): void => dialog.current?.close();
  const closed = (): void => {
    open.value = open.value.filter((other) => other.id !== id);
    onClose?.();
    if (back.current instanceof HTMLElement) back.current.focus();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, by the browser itself.
    <dialog
      class="dialog"
      aria-label={title()}
      data-testid={testId}
      ref={dialog}
      onClose={closed}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      <div class="dialog-inner">
        <div class="dialog-head">
          <h2>{title()}</h2>
          <IconButton icon="close" label={strings.dialog.close} onClick={close} />
        </div>
        {content(close)}
      </div>
    </dialog>
  );
}
