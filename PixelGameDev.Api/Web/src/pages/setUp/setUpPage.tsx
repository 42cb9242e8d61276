import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { adminApi } from '../../api/adminApi';
import { api } from '../../api/api';
import { useLoaded } from '../../frame/dialogs/loaded';
import { tellOtherWindows } from '../../frame/otherWindows';
import { person, whoIsHere } from '../../frame/person';
import { withDialogs } from '../../frame/withDialogs';
import { strings } from '../../language';
import { adminWords, loadAdminWords } from '../../language/adminWords';
import { leaveAsSomebodyElse } from '../shell/forget';
import { Field, Form, textOf } from '../shell/form';
import { Sheet } from '../shell/sheet';

async function begin(): Promise<boolean> {
  // Where guests are switched off nobody is here yet.
  const [options] = await Promise.all([api.accountOptions(), loadAdminWords(), whoIsHere().catch(() => undefined)]);
  return options.setUp;
}

/** Lets the admin sign in whose server is set up already. */
function openSignIn(): void {
  withDialogs((dialogs) =>
    dialogs.openAccountDialog('signIn', {
      signUp: async (how) => {
        await api.signUp(how);
        leaveAsSomebodyElse();
      },
      signIn: async (how) => {
        await api.signIn(how);
        tellOtherWindows();
        location.assign('/admin');
      },
      openPage: async (address) => location.assign(address),
    }),
  );
}

/** Draws the page that makes the first admin of a new server. Its address may end in `#` and the code. */
export default function SetUpPage(): JSX.Element | null {
  const [open] = useLoaded(begin);
  const code = useSignal(decodeURIComponent(location.hash.slice(1)));
  if (open.value.state === 'loading') return null;
  if (open.value.state === 'failed') return <p role="alert">{open.value.message}</p>;
  const words = adminWords().setUp;
  const me = person.value;
  const isRegistered = me?.guest === false;
  const submit = async (values: FormData): Promise<void> => {
    await adminApi.setUp(textOf(values, 'code'), textOf(values, 'name').trim(), textOf(values, 'password'));
    tellOtherWindows();
    location.assign('/admin');
  };
  return (
    <Sheet title={words.title} back={adminWords().admin.back} testId="set-up-page">
      {open.value.value ? (
        <section class="sheet-part">
          <p>{words.hint}</p>
          {isRegistered && <p>{words.signedIn(me.name)}</p>}
          <Form submit={words.submit} testId="set-up-form" onSubmit={submit}>
            <Field label={words.code} name="code" type="password" autocomplete="off" maxLength={300} value={code.value} />
            {!isRegistered && <Field label={words.name} name="name" autocomplete="username" maxLength={30} />}
            {!isRegistered && (
              <Field label={words.password} name="password" type="password" autocomplete="new-password" minLength={8} maxLength={200} />
            )}
          </Form>
        </section>
      ) : (
        <section class="sheet-part">
          <p>{words.done}</p>
          {!isRegistered && (
            <button type="button" class="run-button" data-testid="set-up-sign-in" onClick={openSignIn}>
              {strings.account.signIn.entry}
            </button>
          )}
        </section>
      )}
    </Sheet>
  );
}
