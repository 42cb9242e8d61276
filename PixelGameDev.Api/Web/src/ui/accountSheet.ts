import { strings } from '../strings';
import { h } from './dom';
import { openSheet } from './sheet';

/** What the sheet asks for; both reject with a sentence that can be shown. */
export interface AccountActions {
  signUp(name: string, password: string): Promise<void>;
  signIn(name: string, password: string): Promise<void>;
}

export type AccountWay = 'signUp' | 'signIn';

/** Name and password, for a new account or for one that exists; a link leads from one to the other. */
export function openAccountSheet(way: AccountWay, actions: AccountActions): void {
  const words = strings.account[way];
  openSheet(
    words.title,
    (close) => {
      const name = field('account-name', strings.account.name, {
        type: 'text',
        maxLength: 30,
        autocomplete: 'username',
        spellcheck: false,
      });
      const password = field('account-password', strings.account.password, {
        type: 'password',
        maxLength: 200,
        autocomplete: way === 'signUp' ? 'new-password' : 'current-password',
      });
      if (way === 'signUp') password.input.minLength = 8;
      const refusal = h('p', { class: 'account-refusal', role: 'alert', 'data-testid': 'account-refusal' });
      const submit = h('button', { type: 'submit', class: 'run-button', 'data-testid': 'account-submit' }, words.submit);
      const form = h(
        'form',
        {
          class: 'account-form',
          onsubmit: (event: SubmitEvent) => {
            event.preventDefault();
            refusal.textContent = '';
            submit.disabled = true;
            void actions[way](name.input.value.trim(), password.input.value).then(close, (error: unknown) => {
              refusal.textContent = error instanceof Error ? error.message : String(error);
              submit.disabled = false;
            });
          },
        },
        h('p', { class: 'soft' }, words.hint),
        name.label,
        password.label,
        refusal,
        h(
          'div',
          { class: 'row' },
          submit,
          h(
            'button',
            {
              type: 'button',
              class: 'soft-button',
              'data-testid': 'account-other',
              onclick: () => {
                close();
                openAccountSheet(way === 'signUp' ? 'signIn' : 'signUp', actions);
              },
            },
            words.other,
          ),
        ),
      );
      return [form];
    },
    'account-sheet',
  );
  document.querySelector<HTMLInputElement>('[data-testid="account-name"]')?.focus();
}

function field(testId: string, text: string, props: Record<string, unknown>): { label: HTMLLabelElement; input: HTMLInputElement } {
  const input = h('input', { ...props, required: true, 'data-testid': testId });
  return { label: h('label', null, h('span', null, text), input), input };
}
