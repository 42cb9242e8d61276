import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { strings } from '../../../language';

export interface NameFieldProps {
  /** The name before; empty for a new file. */
  value: string;
  label: string;
  /** False when the name does not work: the field stays open. */
  accept(name: string): Promise<boolean>;
  onDone(): void;
}

/** A field in the list of files for the name of one. Enter and leaving the field accept, Escape does not. */
export function NameField({ value, label, accept, onDone }: NameFieldProps): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useLayoutEffect(() => {
    const dot = value.lastIndexOf('.');
    field.current!.value = value;
    field.current!.focus();
    field.current!.setSelectionRange(value.lastIndexOf('/') + 1, dot > 0 ? dot : value.length);
  }, []);
  const finish = async (keep: boolean): Promise<void> => {
    // A field that goes from the page loses the keyboard, too; nobody has left it then.
    if (done.current || field.current === null) return;
    done.current = true;
    const name = field.current.value.trim();
    if (keep && name !== '' && !(await accept(name))) {
      // Somebody who has gone on to the code meanwhile is not called back: the next keys would land in the name.
      if (document.activeElement === field.current || document.activeElement === document.body) {
        done.current = false;
        field.current?.focus();
        return;
      }
    }
    onDone();
  };
  return (
    <input
      type="text"
      class="file-field"
      aria-label={label}
      placeholder={strings.files.newNamePlaceholder}
      spellcheck={false}
      autocomplete="off"
      autocapitalize="off"
      maxLength={120}
      ref={field}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') void finish(true);
        if (event.key === 'Escape') void finish(false);
      }}
      onBlur={() => void finish(value !== '' || field.current?.value.trim() !== '')}
    />
  );
}
