import { useSignal } from '@preact/signals';
import type { ComponentChildren, InputHTMLAttributes, JSX } from 'preact';
import { messageOf } from '../../frame/attempt';
import { PasswordInput } from '../../frame/passwordInput';

export interface FormProps {
  /** The words of the button. */
  submit: string;
  danger?: boolean;
  testId: string;
  /** Rejects with a sentence that is shown below the fields. */
  onSubmit(values: FormData, form: HTMLFormElement): Promise<void>;
  children: ComponentChildren;
}

/** Draws a form that sends itself once, and says below its fields why that failed. */
export function Form({ submit, danger = false, testId, onSubmit, children }: FormProps): JSX.Element {
  const refusal = useSignal('');
  const busy = useSignal(false);
  const send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    refusal.value = '';
    busy.value = true;
    try {
      await onSubmit(new FormData(form), form);
    } catch (error) {
      refusal.value = messageOf(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <form class="account-form" data-testid={testId} onSubmit={(event) => void send(event as SubmitEvent)}>
      {children}
      <p class="account-refusal" role="alert">
        {refusal}
      </p>
      <div class="row">
        <button type="submit" class={danger ? 'danger-button' : 'run-button'} disabled={busy.value}>
          {submit}
        </button>
      </div>
    </form>
  );
}

export interface FieldProps {
  label: string;
  name: string;
  type?: 'text' | 'password' | 'number' | 'search';
  autocomplete?: 'current-password' | 'new-password' | 'username' | 'off';
  minLength?: number;
  maxLength?: number;
  min?: number;
  max?: number;
  value?: string;
  required?: boolean;
}

/** Draws a field with its label. */
export function Field({ label, type = 'text', required = true, ...field }: FieldProps): JSX.Element {
  if (type === 'password') {
    const attributes = { required, ...field } as InputHTMLAttributes<HTMLInputElement>;
    return <PasswordInput {...attributes} label={label} />;
  }
  const attributes = { type, required, spellcheck: false, ...field } as InputHTMLAttributes<HTMLInputElement>;
  return (
    <label>
      <span>{label}</span>
      <input {...attributes} />
    </label>
  );
}

/** Returns what was typed into a field. */
export function textOf(values: FormData, name: string): string {
  return String(values.get(name) ?? '');
}
