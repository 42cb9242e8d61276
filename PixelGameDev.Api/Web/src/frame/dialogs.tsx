import { signal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { strings } from '../language';
import { IconButton } from './iconButton';

export interface DialogOptions {
  /** Asked at each drawing, so that it follows the language. */
  title(): string;
  testId: string;
  /** What the dialog holds; an element with `autofocus` gets the keyboard. */
  content(close: () => void): ComponentChildren;
  /** Called however the dialog was closed. */
  onClose?(): void;
}

interface OpenDialog extends DialogOptions {
  id: number;
}

const open = signal<readonly OpenDialog[]>([]);
let lastId = 0;

/** Opens a dialog over the page. One that is open already stays as it is. */
export function openDialog(options: DialogOptions): void {
  if (open.value.some(({ testId }) => testId === options.testId)) return;
  open.value = [...open.value, { ...options, id: ++lastId }];
}

/** The place of the dialogs, once on every page. */
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
 * A dialog that goes away by itself: Escape, a click beside it, its button. The browser's own dialog element keeps the keyboard inside
 * while it is open; afterwards the keyboard is where it was.
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
