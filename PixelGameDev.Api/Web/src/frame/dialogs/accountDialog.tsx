import { type Signal, signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { api } from '../../api/api';
import { ApiError } from '../../api/apiError';
import type { AccountOptions, ProjectSummary, SignIn, SignUp } from '../../api/types';
import { strings } from '../../language';
import { loadPeopleWords, peopleWords } from '../../language/peopleWords';
import { attempt, messageOf } from '../attempt';
import { openDialog } from '../dialogs';
import { PasswordInput } from '../passwordInput';
import { person, whoIsHere } from '../person';

/** Actions of the dialog; both reject with an error that can be shown. */
export interface AccountActions {
  signUp(how: SignUp): Promise<void>;
  signIn(how: SignIn): Promise<void>;
  /** Leaves for an address outside of the page. */
  openPage(address: string): Promise<void>;
}

type AccountAction = 'signUp' | 'signIn';

/** What a server of the version before allows. */
const oldOptions: AccountOptions = { signUp: 'open', guests: true, setUp: false, provider: null };

/** Names of games in a question; more are counted. */
const mostNames = 3;

/** Asks for name and password of a new or an existing account; a button switches between the two. */
export async function openAccountDialog(first: AccountAction, actions: AccountActions): Promise<void> {
  const [games, options] = await Promise.all([gamesOfGuest(), api.accountOptions().catch(() => oldOptions), loadPeopleWords()]);
  const action = signal(first);
  openDialog({
    title: () => strings.account[action.value].title,
    testId: 'account-dialog',
    content: (close) => (
      <AccountForm
        key={action.value}
        action={action.value}
        games={action.value === 'signIn' ? games : []}
        options={options}
        actions={actions}
        onDone={close}
        onOther={() => {
          action.value = action.value === 'signUp' ? 'signIn' : 'signUp';
        }}
      />
    ),
  });
}

/** Returns the games of this browser's guest that would come along: not the first one as long as nobody has changed it. */
async function gamesOfGuest(): Promise<ProjectSummary[]> {
  if (!(await whoIsHere().catch(() => undefined))?.guest || person.value?.guest === false) return [];
  const games = await api.projects().catch(() => []);
  // Ids grow with time.
  const first = games.map(({ id }) => id).sort()[0];
  return games.filter(({ id, revision }) => revision > 1 || id !== first);
}

/** Returns the code at the end of an invitation's address. */
function codeOfAddress(): string {
  return location.pathname === '/account' ? decodeURIComponent(location.hash.slice(1)) : '';
}

interface AccountFormProps {
  action: AccountAction;
  games: readonly ProjectSummary[];
  options: AccountOptions;
  actions: AccountActions;
  onDone(): void;
  onOther(): void;
}

function AccountForm({ action, games, options, actions, onDone, onOther }: AccountFormProps): JSX.Element {
  const words = strings.account[action];
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const newPassword = useRef<HTMLInputElement>(null);
  const invitation = useRef<HTMLInputElement>(null);
  const bring = useSignal<boolean | undefined>(undefined);
  const needsNewPassword = useSignal(false);
  const refusal = useSignal('');
  const busy = useSignal(false);
  // The dialog itself focuses only the first form.
  useLayoutEffect(() => name.current?.focus(), []);
  useLayoutEffect(() => newPassword.current?.focus(), [needsNewPassword.value]);
  const submit = async (): Promise<void> => {
    const who = { name: name.current!.value.trim(), password: password.current!.value };
    if (action === 'signUp') {
      await actions.signUp({ ...who, ...(invitation.current === null ? {} : { invitation: invitation.current.value }) });
      return;
    }
    await actions.signIn({
      ...who,
      ...(bring.value === undefined ? {} : { bringGames: bring.value }),
      ...(newPassword.current === null ? {} : { newPassword: newPassword.current.value }),
    });
  };
  const onSubmit = async (event: Event): Promise<void> => {
    event.preventDefault();
    refusal.value = '';
    busy.value = true;
    try {
      await submit();
      onDone();
    } catch (error) {
      const isOneTime = error instanceof ApiError && error.code === 'new_password_needed' && !needsNewPassword.value;
      if (isOneTime) needsNewPassword.value = true;
      else refusal.value = messageOf(error);
      busy.value = false;
    }
  };
  if (action === 'signUp' && options.signUp === 'closed') {
    return (
      <>
        <p data-testid="sign-up-closed">{peopleWords().signIn.closed}</p>
        <div class="row">
          <button type="button" class="soft-button" data-testid="account-other" onClick={onOther}>
            {words.other}
          </button>
        </div>
      </>
    );
  }
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
      <PasswordInput
        label={strings.account.password}
        minLength={action === 'signUp' ? 8 : undefined}
        maxLength={200}
        autocomplete={action === 'signUp' ? 'new-password' : 'current-password'}
        required
        data-testid="account-password"
        inputRef={password}
      />
      {action === 'signUp' && options.signUp === 'invitation' && (
        <label>
          <span>{peopleWords().signIn.invitation}</span>
          <input
            type="text"
            maxLength={64}
            autocomplete="off"
            spellcheck={false}
            required
            value={codeOfAddress()}
            data-testid="account-invitation"
            ref={invitation}
          />
        </label>
      )}
      {needsNewPassword.value && (
        <PasswordInput
          label={peopleWords().signIn.newPassword}
          minLength={8}
          maxLength={200}
          autocomplete="new-password"
          aria-describedby="new-password-hint"
          required
          data-testid="account-new-password"
          inputRef={newPassword}
        >
          <span class="soft" id="new-password-hint">
            {peopleWords().signIn.newPasswordHint}
          </span>
        </PasswordInput>
      )}
      {games.length > 0 && <BringGames games={games} bring={bring} />}
      <p class="account-refusal" role="alert" data-testid="account-refusal">
        {refusal}
      </p>
      {options.provider !== null && action === 'signIn' && (
        <button
          type="button"
          class="soft-button"
          data-testid="account-provider"
          onClick={({ currentTarget }) => {
            // Whose games these are is asked in any case.
            const choice = currentTarget.form!.querySelector<HTMLInputElement>('[name=bring-games]');
            if (choice?.reportValidity() ?? true) void attempt(actions.openPage(`/api/account/oidc?bringGames=${bring.value ?? true}`));
          }}
        >
          {peopleWords().signIn.provider(options.provider)}
        </button>
      )}
      <div class="row">
        <button type="submit" class="run-button" data-testid="account-submit" disabled={busy.value}>
          {words.submit}
        </button>
        {(action === 'signUp' || options.signUp !== 'closed') && (
          <button type="button" class="soft-button" data-testid="account-other" onClick={onOther}>
            {words.other}
          </button>
        )}
      </div>
    </form>
  );
}

/** Asks whose games the games of this browser are: on a shared computer they may be somebody else's. */
function BringGames({ games, bring }: { games: readonly ProjectSummary[]; bring: Signal<boolean | undefined> }): JSX.Element {
  const words = peopleWords().signIn;
  const names = games.slice(0, mostNames).map(({ name }) => name);
  const choices: readonly (readonly [boolean, string])[] = [
    [true, words.bring],
    [false, words.leave],
  ];
  return (
    <fieldset class="account-games" data-testid="account-games">
      <legend>{words.bringTitle}</legend>
      <p class="soft">{words.games(names.join(', '), games.length - names.length)}</p>
      {choices.map(([value, label]) => (
        <label key={label} class="check">
          <input
            type="radio"
            name="bring-games"
            required
            checked={bring.value === value}
            data-testid={value ? 'account-bring' : 'account-leave'}
            onChange={() => {
              bring.value = value;
            }}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
