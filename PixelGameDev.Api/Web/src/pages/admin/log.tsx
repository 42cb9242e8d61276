import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { adminApi } from '../../api/adminApi';
import type { AuditEntry } from '../../api/schema';
import { attempt } from '../../frame/attempt';
import { language } from '../../language';
import { adminWords } from '../../language/adminWords';
import { loadReportWords, reasonOf } from '../../language/reportWords';
import { SheetPart } from '../shell/sheet';

/** Entries in one answer of the server; fewer mean that there are no more. */
const page = 100;

/** Draws what admins and teachers did. */
export function LogPart(): JSX.Element {
  const words = adminWords().log;
  const entries = useSignal<readonly AuditEntry[] | undefined>(undefined);
  const hasMore = useSignal(false);
  const ask = async (): Promise<void> => {
    const known = entries.value ?? [];
    const [more] = await Promise.all([adminApi.log(known.at(-1)?.id ?? null), loadReportWords()]);
    entries.value = [...known, ...more];
    hasMore.value = more.length === page;
  };
  useEffect(() => void attempt(ask()), []);
  return (
    <SheetPart title={adminWords().admin.log} testId="log">
      {entries.value?.length === 0 && <p>{words.none}</p>}
      {entries.value !== undefined && entries.value.length > 0 && (
        <table class="admin-table">
          <thead>
            <tr>
              <th>{words.when}</th>
              <th>{words.who}</th>
              <th>{words.what}</th>
              <th>{words.whom}</th>
            </tr>
          </thead>
          <tbody>
            {entries.value.map((entry) => (
              <tr key={entry.id} data-testid="log-entry">
                <td data-label={words.when}>{new Date(entry.at).toLocaleString(language())}</td>
                <td data-label={words.who}>{entry.actorName ?? words.gone}</td>
                <td data-label={words.what}>{whatOf(entry)}</td>
                <td data-label={words.whom}>{whomOf(entry)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {hasMore.value && (
        <button type="button" class="soft-button" onClick={() => void attempt(ask())}>
          {adminWords().admin.more}
        </button>
      )}
    </SheetPart>
  );
}

function whatOf({ action, detail }: AuditEntry): string {
  const words = adminWords().log.actions;
  const { roles } = adminWords().people;
  const what = Object.hasOwn(words, action) ? words[action as keyof typeof words] : action;
  if (detail === null) return what;
  if (action === 'take_down_game') return `${what} ${whyOf(detail)}`;
  return `${what} ${Object.hasOwn(roles, detail) ? roles[detail as keyof typeof roles] : detail}`;
}

/** Sample: `unkind: It laughs at a child.` */
function whyOf(detail: string): string {
  const [reason = '', ...note] = detail.split(': ');
  return [reasonOf(reason), ...note].join(': ');
}

/** An invitation is about nobody. */
function whomOf({ action, targetId, targetName }: AuditEntry): string {
  if (targetId === null || action === 'invite' || action === 'revoke_invitation') return '';
  return targetName ?? (action.endsWith('_game') ? adminWords().log.goneGame : adminWords().log.gone);
}
