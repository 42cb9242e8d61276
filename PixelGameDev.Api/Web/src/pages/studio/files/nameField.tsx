import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { strings } from '../../../language';

export interface NameFieldProps {
  /** The current name; empty for a new file. */
  value: string;
  label: string;
  /** Returns false if the name does not work: the field stays open. */
  accept(name: string): Promise<boolean>;
  onDone(): void;
}

/** Draws a field for a file's name in the list of files. Enter and leaving the field accept the name, Escape does not. */
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
    // A field that is removed from the page loses the keyboard too; the person has not left it then.
    if (done.current || field.current === null) return;
    done.current = true;
    const name = field.current.value.trim();
    if (keep && name !== '' && !(await accept(name))) {
      // If the person has gone on to the code, the field does not take the keyboard back: the next keys would go into the name.
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
