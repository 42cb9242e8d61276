import { signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { strings } from '../../language';
import { messageOf } from '../attempt';
import { openDialog } from '../dialogs';

/** Actions of the dialog; both reject with a sentence that can be shown. */
export interface AccountActions {
  signUp(name: string, password: string): Promise<void>;
  signIn(name: string, password: string): Promise<void>;
}

type AccountAction = keyof AccountActions;

/** Asks for name and password of a new or an existing account; a button switches between the two. */
export function openAccountDialog(first: AccountAction, actions: AccountActions): void {
  const action = signal(first);
  openDialog({
    title: () => strings.account[action.value].title,
    testId: 'account-dialog',
    content: (close) => (
      <AccountForm
        key={action.value}
        action={action.value}
        submit={actions[action.value]}
        onDone={close}
        onOther={() => {
          action.value = action.value === 'signUp' ? 'signIn' : 'signUp';
        }}
      />
    ),
  });
}

interface AccountFormProps {
  action: AccountAction;
  submit(name: string, password: string): Promise<void>;
  onDone(): void;
  onOther(): void;
}

function AccountForm({ action, submit, onDone, onOther }: AccountFormProps): JSX.Element {
  const words = strings.account[action];
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const refusal = useSignal('');
  const busy = useSignal(false);
  // The dialog itself focuses only the first form.
  useLayoutEffect(() => name.current?.focus(), []);
  const onSubmit = async (event: Event): Promise<void> => {
    event.preventDefault();
    refusal.value = '';
    busy.value = true;
    try {
      await submit(name.current!.value.trim(), password.current!.value);
      onDone();
    } catch (error) {
      refusal.value = messageOf(error);
      busy.value = false;
    }
  };
  return (
    <form class="account-form" onSubmit={(event) => void onSubmit(event)}>
      <p class="soft">{words.hint}</p>
      <label>
        <span>{strings.account.name}</span>
        <input
          type="text"
          maxLength={30}
          autocomplete="username"
          spellcheck={false}
          required
          autofocus
          data-testid="account-name"
          ref={name}
        />
      </label>
      <label>
        <span>{strings.account.password}</span>
        <input
          type="password"
          minLength={action === 'signUp' ? 8 : undefined}
          maxLength={200}
          autocomplete={action === 'signUp' ? 'new-password' : 'current-password'}
          required
          data-testid="account-password"
          ref={password}
        />
      </label>
      <p class="account-refusal" role="alert" data-testid="account-refusal">
        {refusal}
      </p>
      <div class="row">
        <button type="submit" class="run-button" data-testid="account-submit" disabled={busy.value}>
          {words.submit}
        </button>
        <button type="button" class="soft-button" data-testid="account-other" onClick={onOther}>
          {words.other}
        </button>
      </div>
    </form>
  );
}
