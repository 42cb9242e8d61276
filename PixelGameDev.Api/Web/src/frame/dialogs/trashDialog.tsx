import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { strings } from '../../language';
import { formatAgo } from '../../language/format';
import { messageOf } from '../attempt';
import { openDialog } from '../dialogs';
import { IconButton } from '../iconButton';
import { AskRemove } from './askRemove';
import { useLoaded } from './loaded';

export interface TrashItem {
  id: string;
  name: string;
  deletedAt: string;
  expiresAt: string;
  /** True if another file replaced it. */
  replaced?: boolean;
  restore(): Promise<void>;
  removeForGood(): Promise<void>;
}

export interface TrashDialogOptions {
  title(): string;
  empty(): string;
  testId: string;
  load(): Promise<TrashItem[]>;
}

/** Shows what was deleted in the last 30 days. Each item can be restored, or deleted for good. */
export function openTrashDialog({ title, empty, testId, load }: TrashDialogOptions): void {
  openDialog({ title, testId, content: (close) => <Trash empty={empty} load={load} close={close} /> });
}

function Trash({ empty, load, close }: Pick<TrashDialogOptions, 'empty' | 'load'> & { close(): void }): JSX.Element {
  const [items, ask] = useLoaded(load);
  const problem = useSignal('');
  const act = (action: Promise<void>, then: () => void): void => {
    problem.value = '';
    action.then(then, (error: unknown) => {
      problem.value = messageOf(error);
    });
  };
  const { value } = items;
  return (
    <>
      <p class="soft">{strings.trash.hint}</p>
      <p class="account-refusal" role="alert">
        {value.state === 'failed' ? value.message : problem.value}
      </p>
      <ul class="trash-list">
        {value.state === 'loading' && <li class="soft">{strings.files.loading}</li>}
        {value.state === 'there' && value.value.length === 0 && (
          <li class="soft" data-testid="trash-empty">
            {empty()}
          </li>
        )}
        {value.state === 'there' &&
          value.value.map((item) => (
            <TrashRow
              key={item.id}
              item={item}
              onRestore={() => act(item.restore(), close)}
              onRemove={() => act(item.removeForGood(), ask)}
            />
          ))}
      </ul>
    </>
  );
}

function TrashRow({ item, onRestore, onRemove }: { item: TrashItem; onRestore(): void; onRemove(): void }): JSX.Element {
  const words = strings.trash;
  const { name } = item;
  // Only this deletion cannot be undone, so it asks, in place.
  const asking = useSignal(false);
  if (asking.value) {
    return (
      <li class="trash-item" data-testid={`trash:${name}`}>
        <AskRemove
          question={words.removeAsk(name)}
          keep={words.keep}
          remove={words.remove}
          onKeep={() => {
            asking.value = false;
          }}
          onRemove={onRemove}
        />
      </li>
    );
  }
  const when = (item.replaced === true ? words.replaced : words.deleted)(formatAgo(item.deletedAt));
  return (
    <li class="trash-item" data-testid={`trash:${name}`}>
      <div class="trash-name">
        <strong>{name}</strong>
        <span class="soft">{`${when} · ${words.expires(daysUntil(item.expiresAt))}`}</span>
      </div>
      <button type="button" class="soft-button" aria-label={words.restoreNamed(name)} onClick={onRestore}>
        {words.restore}
      </button>
      <IconButton
        icon="bin"
        size="small"
        label={words.removeNamed(name)}
        onClick={() => {
          asking.value = true;
        }}
      />
    </li>
  );
}

function daysUntil(time: string): number {
  return Math.max(1, Math.ceil((Date.parse(time) - Date.now()) / 86_400_000));
}
