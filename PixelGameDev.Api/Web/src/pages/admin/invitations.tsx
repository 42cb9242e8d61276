import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { adminApi } from '../../api/adminApi';
import type { Invitation } from '../../api/schema';
import { attempt } from '../../frame/attempt';
import { useLoaded } from '../../frame/dialogs/loaded';
import { language } from '../../language';
import { adminWords } from '../../language/adminWords';
import { Field, Form, textOf } from '../shell/form';
import { SheetPart } from '../shell/sheet';

/** Draws the invitations, to make one or to end one. */
export function InvitationsPart(): JSX.Element {
  const words = adminWords().invitations;
  const [list, ask] = useLoaded(adminApi.invitations);
  const code = useSignal('');
  const invite = async (values: FormData, form: HTMLFormElement): Promise<void> => {
    const made = await adminApi.invite(Number(values.get('uses')), Number(values.get('days')), textOf(values, 'note'));
    code.value = made.code;
    form.reset();
    ask();
  };
  const revoke = async (id: string): Promise<void> => {
    await adminApi.revoke(id);
    ask();
  };
  return (
    <SheetPart title={adminWords().admin.invitations} testId="invitations">
      <p>{words.hint}</p>
      <Form submit={words.create} testId="invitation-form" onSubmit={invite}>
        <Field label={words.uses} name="uses" type="number" min={1} max={1000} value="30" />
        <Field label={words.days} name="days" type="number" min={1} max={366} value="14" />
        <Field label={words.note} name="note" maxLength={100} required={false} autocomplete="off" />
      </Form>
      {code.value !== '' && (
        <div class="password-card" role="status" data-testid="invitation-code">
          <strong>{words.code(code.value)}</strong>
          <span>{words.link}</span>
          <span class="admin-code">{`${location.origin}/account#${code.value}`}</span>
          <span class="soft">{words.once}</span>
        </div>
      )}
      {list.value.state === 'failed' && <p role="alert">{list.value.message}</p>}
      {list.value.state === 'there' && list.value.value.length === 0 && <p>{words.none}</p>}
      {list.value.state === 'there' && list.value.value.length > 0 && (
        <table class="admin-table">
          <thead>
            <tr>
              <th>{words.noteHead}</th>
              <th class="number">{words.used}</th>
              <th>{words.until}</th>
              <th>{words.state}</th>
              <th>{words.actions}</th>
            </tr>
          </thead>
          <tbody>
            {list.value.value.map((one) => {
              const state = stateOf(one);
              return (
                <tr key={one.id} data-testid="invitation">
                  <td data-label={words.noteHead}>{one.note}</td>
                  <td class="number" data-label={words.used}>
                    {words.usedOf(one.uses, one.maxUses)}
                  </td>
                  <td data-label={words.until}>{new Date(one.expiresAt).toLocaleDateString(language())}</td>
                  <td data-label={words.state}>{words.states[state]}</td>
                  <td data-label={words.actions}>
                    {state === 'open' && (
                      <button
                        type="button"
                        class="soft-button"
                        aria-label={words.revokeNamed(one.note)}
                        onClick={() => void attempt(revoke(one.id))}
                      >
                        {words.revoke}
                      </button>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </SheetPart>
  );
}

function stateOf({ revokedAt, expiresAt, uses, maxUses }: Invitation): 'open' | 'full' | 'over' | 'revoked' {
  if (revokedAt !== null) return 'revoked';
  if (Date.parse(expiresAt) < Date.now()) return 'over';
  return uses >= maxUses ? 'full' : 'open';
}
