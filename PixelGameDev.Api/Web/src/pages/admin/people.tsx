import { type Signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { adminApi } from '../../api/adminApi';
import type { Person } from '../../api/schema';
import { attempt } from '../../frame/attempt';
import { AskRemove } from '../../frame/dialogs/askRemove';
import { person } from '../../frame/person';
import { toast } from '../../frame/toasts';
import { adminWords } from '../../language/adminWords';
import { formatAgo, formatSize } from '../../language/format';
import { SheetPart } from '../shell/sheet';
import { openPasswordCard } from './passwordCard';
import { QuotaForm } from './quota';

/** Wait after the last key of a search, milliseconds. */
const typingPause = 250;

type Role = 'creator' | 'teacher' | 'admin';

const roles: readonly Role[] = ['creator', 'teacher', 'admin'];

/** The people that are shown, and how to ask for those after them. */
interface Found {
  people: readonly Person[];
  next: string | null;
}

/** Draws the search for people, and what can be done for each. */
export function PeoplePart({ isAdmin }: { isAdmin: boolean }): JSX.Element {
  const words = adminWords();
  const search = useSignal('');
  const role = useSignal('');
  const found = useSignal<Found | undefined>(undefined);
  const asked = useRef(0);
  const ask = async (after: string | null): Promise<void> => {
    const turn = ++asked.current;
    const page = await adminApi.people(search.value, role.value, after);
    // Of several searches the last one is shown.
    if (turn !== asked.current) return;
    found.value = { people: after === null ? page.people : [...(found.value?.people ?? []), ...page.people], next: page.next };
  };
  useEffect(() => {
    const timer = setTimeout(() => void attempt(ask(null)), found.value === undefined ? 0 : typingPause);
    return () => clearTimeout(timer);
  }, [search.value, role.value]);
  const list = found.value;
  return (
    <SheetPart title={words.admin.people} testId="people">
      <div class="admin-filter">
        <label>
          <span>{words.people.search}</span>
          <input
            type="search"
            maxLength={30}
            spellcheck={false}
            data-testid="people-search"
            onInput={({ currentTarget }) => {
              search.value = currentTarget.value;
            }}
          />
        </label>
        {isAdmin && <RoleFilter role={role} />}
      </div>
      {list?.people.length === 0 && <p>{words.people.nobody}</p>}
      {list !== undefined && list.people.length > 0 && (
        <table class="admin-table">
          <thead>
            <tr>
              <th>{words.people.name}</th>
              <th>{words.people.role}</th>
              <th class="number">{words.people.games}</th>
              <th class="number">{words.people.storage}</th>
              <th>{words.people.lastVisit}</th>
              <th>{words.people.actions}</th>
            </tr>
          </thead>
          <tbody>
            {list.people.map((one) => (
              <PersonRow key={one.id} one={one} isAdmin={isAdmin} onChanged={() => void attempt(ask(null))} />
            ))}
          </tbody>
        </table>
      )}
      {list?.next != null && (
        <button type="button" class="soft-button" onClick={() => void attempt(ask(list.next))}>
          {words.admin.more}
        </button>
      )}
    </SheetPart>
  );
}

function RoleFilter({ role }: { role: Signal<string> }): JSX.Element {
  const words = adminWords().people;
  return (
    <label>
      <span>{words.role}</span>
      <select
        value={role.value}
        onChange={({ currentTarget }) => {
          role.value = currentTarget.value;
        }}
      >
        <option value="">{words.everyRole}</option>
        {roles.map((one) => (
          <option key={one} value={one}>
            {words.roles[one]}
          </option>
        ))}
      </select>
    </label>
  );
}

function PersonRow({ one, isAdmin, onChanged }: { one: Person; isAdmin: boolean; onChanged(): void }): JSX.Element {
  const words = adminWords().people;
  const asking = useSignal<'reset' | 'remove' | 'quota' | { role: Role } | undefined>(undefined);
  const isSelf = one.id === person.value?.id;
  const stopAsking = (): void => {
    asking.value = undefined;
  };
  const reset = async (): Promise<void> => {
    stopAsking();
    openPasswordCard(await adminApi.resetPassword(one.id), onChanged);
  };
  const changeRole = async (role: Role): Promise<void> => {
    stopAsking();
    try {
      await adminApi.setRole(one.id, role);
      toast(words.roleChanged(one.name, words.roles[role]), { kind: 'good' });
    } finally {
      onChanged();
    }
  };
  const remove = async (): Promise<void> => {
    await adminApi.removeAccount(one.id);
    toast(words.removed(one.name), { kind: 'good' });
    onChanged();
  };
  if (asking.value === 'quota') {
    return (
      <tr data-testid="person">
        <td class="whole" colSpan={6}>
          <QuotaForm
            one={one}
            onKeep={stopAsking}
            onChanged={() => {
              stopAsking();
              onChanged();
            }}
          />
        </td>
      </tr>
    );
  }
  if (typeof asking.value === 'object') {
    const { role } = asking.value;
    return (
      <tr data-testid="person">
        <td class="whole" colSpan={6}>
          <AskRemove
            question={words.roleAsk(one.name, words.roles[role])}
            keep={words.keep}
            remove={words.roleYes}
            onKeep={stopAsking}
            onRemove={() => void attempt(changeRole(role))}
          />
        </td>
      </tr>
    );
  }
  if (asking.value !== undefined) {
    const isReset = asking.value === 'reset';
    return (
      <tr data-testid="person">
        <td class="whole" colSpan={6}>
          <AskRemove
            question={isReset ? words.resetAsk(one.name) : words.removeAsk(one.name)}
            keep={words.keep}
            remove={isReset ? words.resetYes : words.removeYes}
            onKeep={stopAsking}
            onRemove={() => void attempt(isReset ? reset() : remove())}
          />
        </td>
      </tr>
    );
  }
  return (
    <tr data-testid="person">
      <td data-label={words.name}>
        <span>
          <strong>{one.name}</strong>
          {one.oneTimeUntil !== null && <span class="soft">{words.waitsForPassword}</span>}
        </span>
      </td>
      <td data-label={words.role}>
        {isAdmin && !isSelf ? (
          <RoleChoice
            one={one}
            onChoose={(role) => {
              asking.value = { role };
            }}
          />
        ) : (
          words.roles[one.role as Role]
        )}
      </td>
      <td class="number" data-label={words.games}>
        {one.projects}
      </td>
      <td class="number" data-label={words.storage}>
        <span>
          {adminWords().server.storageOf(formatSize(one.bytes), formatSize(one.quota))}
          {one.hasOwnQuota && <span class="soft">{words.hasOwnQuota}</span>}
        </span>
      </td>
      <td data-label={words.lastVisit}>{one.seenAt === null ? words.never : formatAgo(one.seenAt)}</td>
      <td data-label={words.actions}>
        <div class="row">
          {isAdmin && (
            <button
              type="button"
              class="soft-button"
              aria-label={words.quotaNamed(one.name)}
              onClick={() => {
                asking.value = 'quota';
              }}
            >
              {words.storage}
            </button>
          )}
          {!isSelf && (
            <button
              type="button"
              class="soft-button"
              aria-label={words.resetNamed(one.name)}
              onClick={() => {
                asking.value = 'reset';
              }}
            >
              {words.reset}
            </button>
          )}
          {isAdmin && !isSelf && (
            <button
              type="button"
              class="soft-button"
              aria-label={words.removeNamed(one.name)}
              onClick={() => {
                asking.value = 'remove';
              }}
            >
              {words.remove}
            </button>
          )}
        </div>
      </td>
    </tr>
  );
}

function RoleChoice({ one, onChoose }: { one: Person; onChoose(role: Role): void }): JSX.Element {
  const words = adminWords().people;
  return (
    <select aria-label={words.roleOf(one.name)} value={one.role} onChange={({ currentTarget }) => onChoose(currentTarget.value as Role)}>
      {roles.map((role) => (
        <option key={role} value={role}>
          {words.roles[role]}
        </option>
      ))}
    </select>
  );
}
