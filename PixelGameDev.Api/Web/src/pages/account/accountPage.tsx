import { signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { api } from '../../api/api';
import { ApiError } from '../../api/apiError';
import type { Me } from '../../api/types';
import { attempt, messageOf } from '../../frame/attempt';
import { AskRemove } from '../../frame/dialogs/askRemove';
import { useLoaded } from '../../frame/dialogs/loaded';
import { person, whoIsHere } from '../../frame/person';
import { toast } from '../../frame/toasts';
import { withDialogs } from '../../frame/withDialogs';
import { strings } from '../../language';
import { formatSize } from '../../language/format';
import { loadPeopleWords, peopleWords } from '../../language/peopleWords';
import { forgetEverything, leaveAsSomebodyElse } from '../shell/forget';
import { Field, Form, textOf } from '../shell/form';
import { Sheet, SheetPart } from '../shell/sheet';

const ready = signal(false);
const failed = signal('');

async function begin(): Promise<void> {
  try {
    await Promise.all([loadPeopleWords(), whoIsHere().catch(allowNobody)]);
    ready.value = true;
    tellOfProvider();
  } catch (error) {
    failed.value = messageOf(error);
  }
}

/** Says how the way to the provider and back has ended. */
function tellOfProvider(): void {
  const end = new URLSearchParams(location.search).get('sign-in');
  const words = peopleWords().provider;
  if (end !== 'failed' && end !== 'linked' && end !== 'taken') return;
  history.replaceState(null, '', location.pathname);
  toast(words[end], { kind: end === 'linked' ? 'good' : 'bad', time: 15_000 });
}

/** Where guests are switched off, this is the page to sign in. */
function allowNobody(error: unknown): void {
  if (!(error instanceof ApiError && error.code === 'guests_off')) throw error;
}

/** Draws the page of a person's account: password, everything as a file, leaving this computer, deletion. */
export default function AccountPage(): JSX.Element | null {
  useEffect(() => void begin(), []);
  const me = person.value;
  if (failed.value !== '') return <p role="alert">{failed}</p>;
  if (!ready.value) return null;
  const words = peopleWords().settings;
  if (me === undefined) {
    return (
      <Sheet title={words.title} back={words.back} testId="account-page">
        <GuestPart hint={words.nobody} />
      </Sheet>
    );
  }
  return (
    <Sheet title={words.title} back={words.back} testId="account-page">
      {me.guest ? <GuestPart hint={words.guest} /> : <NamePart me={me} />}
      {me.hasPassword && <PasswordPart />}
      {/* An account without a password came from the provider, so both are connected already. */}
      {me.hasPassword && <LinkPart />}
      {!me.guest && <EverywherePart />}
      <SheetPart title={words.exportTitle}>
        <p>{words.exportHint}</p>
        <a class="soft-button" href={api.exportUrl} download target="_self" data-testid="export">
          {words.export}
        </a>
      </SheetPart>
      <FreshPart guest={me.guest} />
      <DeletePart me={me} />
    </Sheet>
  );
}

function NamePart({ me }: { me: Me }): JSX.Element {
  const words = peopleWords().settings;
  return (
    <p data-testid="account-who">
      {words.signedInAs(me.name)} {me.storage !== undefined && words.storage(formatSize(me.storage.used), formatSize(me.storage.quota))}
      {me.storage !== undefined && me.storage.used > me.storage.quota && ` ${strings.menu.storageOver}`}
    </p>
  );
}

function GuestPart({ hint }: { hint: string }): JSX.Element {
  const words = peopleWords().settings;
  const [options] = useLoaded(api.accountOptions);
  const isClosed = options.value.state === 'there' && options.value.value.signUp === 'closed';
  const open = (action: 'signUp' | 'signIn'): void =>
    withDialogs((dialogs) =>
      dialogs.openAccountDialog(action, {
        signUp: async (how) => {
          const wasGuest = person.value !== undefined;
          person.value = await api.signUp(how);
          if (!wasGuest) leaveAsSomebodyElse();
          toast(strings.account.kept(person.value.name), { kind: 'good' });
        },
        signIn: async (how) => {
          await api.signIn(how);
          leaveAsSomebodyElse();
        },
        openPage: async (address) => location.assign(address),
      }),
    );
  return (
    <section class="sheet-part" aria-label={words.title} data-testid="account-guest">
      <p>{hint}</p>
      <div class="row">
        {!isClosed && (
          <button type="button" class="run-button" onClick={() => open('signUp')}>
            {words.makeAccount}
          </button>
        )}
        <button type="button" class="soft-button" onClick={() => open('signIn')}>
          {words.signIn}
        </button>
      </div>
    </section>
  );
}

function PasswordPart(): JSX.Element {
  const words = peopleWords().settings;
  const change = async (values: FormData, form: HTMLFormElement): Promise<void> => {
    await api.changePassword(textOf(values, 'current'), textOf(values, 'new'));
    form.reset();
    toast(words.passwordChanged, { kind: 'good' });
  };
  return (
    <SheetPart title={words.passwordTitle}>
      <p>{words.passwordHint}</p>
      <Form submit={words.changePassword} testId="password-form" onSubmit={change}>
        <Field label={words.currentPassword} name="current" type="password" autocomplete="current-password" maxLength={200} />
        <Field label={words.newPassword} name="new" type="password" autocomplete="new-password" minLength={8} maxLength={200} />
      </Form>
    </SheetPart>
  );
}

/** Offers to sign in with the account of a provider, where the server has one. */
function LinkPart(): JSX.Element | null {
  const words = peopleWords().provider;
  const [options] = useLoaded(api.accountOptions);
  const provider = options.value.state === 'there' ? options.value.value.provider : null;
  if (provider === null) return null;
  return (
    <SheetPart title={words.title(provider)}>
      <p>{words.hint(provider)}</p>
      <a class="soft-button" href="/api/account/oidc?link=true" target="_self" data-testid="link-provider">
        {words.link(provider)}
      </a>
    </SheetPart>
  );
}

function EverywherePart(): JSX.Element {
  const words = peopleWords().settings;
  const signOut = async (): Promise<void> => {
    await api.signOutEverywhere();
    leaveAsSomebodyElse();
  };
  return (
    <SheetPart title={words.everywhereTitle}>
      <p>{words.everywhereHint}</p>
      <button type="button" class="soft-button" data-testid="sign-out-everywhere" onClick={() => void attempt(signOut())}>
        {words.everywhere}
      </button>
    </SheetPart>
  );
}

function FreshPart({ guest }: { guest: boolean }): JSX.Element {
  const words = peopleWords().settings;
  const asking = useSignal(false);
  const [games] = useLoaded(api.projects);
  const start = async (): Promise<void> => {
    await api.startFresh();
    await forgetEverything();
    leaveAsSomebodyElse();
  };
  return (
    <SheetPart title={words.freshTitle} testId="fresh">
      <p>{guest ? words.freshHintGuest : words.freshHint}</p>
      {asking.value ? (
        <AskRemove
          question={guest ? words.freshAskGuest : words.freshAsk}
          keep={words.freshKeep}
          remove={words.freshYes}
          onKeep={() => {
            asking.value = false;
          }}
          onRemove={() => void attempt(start())}
        >
          {guest && games.value.state === 'there' && (
            <ul class="sheet-games">
              {games.value.value.map(({ id, name }) => (
                <li key={id}>{name}</li>
              ))}
            </ul>
          )}
        </AskRemove>
      ) : (
        <button
          type="button"
          class="soft-button"
          data-testid="start-fresh"
          onClick={() => {
            asking.value = true;
          }}
        >
          {words.fresh}
        </button>
      )}
    </SheetPart>
  );
}

function DeletePart({ me }: { me: Me }): JSX.Element {
  const words = peopleWords().settings;
  const hasPassword = me.hasPassword ?? !me.guest;
  const remove = async (values: FormData): Promise<void> => {
    const typed = textOf(values, 'proof');
    if (hasPassword) await api.deleteAccount({ password: typed });
    else if (typed.trim().toLowerCase() === words.deleteWord) await api.deleteAccount({ confirm: 'delete' });
    else throw new Error(words.deleteWordLabel(words.deleteWord));
    await forgetEverything();
    leaveAsSomebodyElse();
  };
  return (
    <SheetPart title={me.guest ? words.deleteTitleGuest : words.deleteTitle}>
      <p>{words.deleteHint}</p>
      <Form submit={words.deleteNow} danger testId="delete-form" onSubmit={remove}>
        {hasPassword ? (
          <Field label={words.deletePassword} name="proof" type="password" autocomplete="current-password" maxLength={200} />
        ) : (
          <Field label={words.deleteWordLabel(words.deleteWord)} name="proof" autocomplete="off" maxLength={20} />
        )}
      </Form>
    </SheetPart>
  );
}
