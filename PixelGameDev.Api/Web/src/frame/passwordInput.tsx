import { useSignal } from '@preact/signals';
import type { InputHTMLAttributes, JSX, Ref } from 'preact';
import { strings } from '../language';
import { IconButton } from './iconButton';

export interface PasswordInputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'ref' | 'label'> {
  /** The words beside the field. */
  label: string;
  inputRef?: Ref<HTMLInputElement>;
  'data-testid'?: string;
}

/** Draws a field for a password with its label, and a button that shows what is typed. */
export function PasswordInput({ label, inputRef, children, ...field }: PasswordInputProps): JSX.Element {
  const shown = useSignal(false);
  const type = shown.value ? 'text' : 'password';
  const attributes = { ...field, type, spellcheck: false, autocapitalize: 'none', ref: inputRef } as InputHTMLAttributes<HTMLInputElement>;
  return (
    <div class="password-field">
      <label>
        <span>{label}</span>
        {children}
        <input {...attributes} />
      </label>
      <IconButton
        icon={shown.value ? 'eyeOff' : 'eye'}
        label={shown.value ? strings.account.hidePassword : strings.account.showPassword}
        testId="show-password"
        onClick={() => {
          shown.value = !shown.value;
        }}
      />
    </div>
  );
}
