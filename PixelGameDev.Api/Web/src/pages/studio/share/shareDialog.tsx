import '../../../styles/share.css';
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Link } from '../../../api/types';
import { messageOf } from '../../../frame/attempt';
import { openDialog } from '../../../frame/dialogs';
import { AskRemove } from '../../../frame/dialogs/askRemove';
import { useLoaded } from '../../../frame/dialogs/loaded';
import { later } from '../../../frame/later';
import { language } from '../../../language';
import { loadMoreWords, moreWords } from '../../../language/moreWords';
import type { OpenProject } from '../project/openProject';
import { Choice } from './choice';
import { copyAddress } from './copyAddress';
import { embedOf, type NewLink, pageOf, shareServer } from './shareServer';

const PublishPart = later(() => import('./publishPart').then((module) => module.PublishPart));
const QrCode = later(() => import('./qrCode').then((module) => module.QrCode));

/** The ends that a person can choose, days; undefined: never. */
const ends: readonly (number | undefined)[] = [undefined, 1, 7, 30, 365];

/** Lets the owner make links to the open game, copy them and take them back. */
export async function openShareDialog(opened: OpenProject): Promise<void> {
  await loadMoreWords(language());
  openDialog({ title: () => moreWords().share.title, testId: 'share-dialog', content: () => <Share opened={opened} /> });
}

function Share({ opened }: { opened: OpenProject }): JSX.Element {
  const words = moreWords().share;
  const [links, load] = useLoaded(() => shareServer.list(opened.id));
  const problem = useSignal('');
  const act = (action: Promise<unknown>): void => {
    problem.value = '';
    action.then(load, (error: unknown) => {
      problem.value = messageOf(error);
    });
  };
  // A link shows what the server has, so everything typed is sent first.
  const make = async (link: NewLink): Promise<void> => {
    await opened.saver.flush();
    await shareServer.make(opened.id, link);
  };
  const { value } = links;
  return (
    <>
      <p class="soft">{words.hint}</p>
      <NewLinkForm onMake={(link) => act(make(link))} />
      <p class="account-refusal" role="alert">
        {value.state === 'failed' ? value.message : problem.value}
      </p>
      {value.state === 'there' && (
        <ul class="share-list" aria-label={words.links}>
          {value.value
            .filter(({ published }) => published !== true)
            .map((link) => (
              <LinkRow key={link.id} link={link} onRevoke={() => act(shareServer.revoke(opened.id, link.id))} />
            ))}
        </ul>
      )}
      <PublishPart opened={opened} />
    </>
  );
}

function NewLinkForm({ onMake }: { onMake(link: NewLink): void }): JSX.Element {
  const words = moreWords().share;
  const withCode = useSignal(false);
  const pinned = useSignal(false);
  const days = useSignal<number | undefined>(undefined);
  return (
    <form
      class="share-form"
      onSubmit={(event) => {
        event.preventDefault();
        onMake({ withCode: withCode.value, pinned: pinned.value, days: days.value });
      }}
    >
      <Choice legend={words.what} name="code" chosen={withCode} no={words.playOnly} yes={words.withCode} />
      <Choice legend={words.version} name="version" chosen={pinned} no={words.newest} yes={words.thisVersion} />
      <label class="share-end">
        <span>{words.end}</span>
        <select
          data-testid="share-end"
          value={days.value ?? ''}
          onChange={({ currentTarget }) => {
            days.value = currentTarget.value === '' ? undefined : Number(currentTarget.value);
          }}
        >
          {ends.map((end) => (
            <option key={end ?? 0} value={end ?? ''}>
              {end === undefined ? words.never : words.afterDays(end)}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="run-button" data-testid="share-make">
        {words.make}
      </button>
    </form>
  );
}

type Opened = 'nothing' | 'qr' | 'embed' | 'revoke';

function LinkRow({ link, onRevoke }: { link: Link; onRevoke(): void }): JSX.Element {
  const words = moreWords().share;
  const opened = useSignal<Opened>('nothing');
  const address = pageOf(link);
  const toggle = (what: Opened): void => {
    opened.value = opened.value === what ? 'nothing' : what;
  };
  const facts = [
    link.withCode ? words.withCode : words.playOnly,
    link.revision === null ? words.newest : words.oneVersion,
    link.endsAt === null ? undefined : link.hasEnded ? words.hasEnded : words.until(new Date(link.endsAt).toLocaleDateString(language())),
  ];
  return (
    <li class="share-link" data-testid={`share-link:${link.code}`}>
      <div class="row">
        <input type="text" readOnly value={address} aria-label={words.address} onFocus={({ currentTarget }) => currentTarget.select()} />
        <button type="button" class="soft-button" data-testid="share-copy" onClick={() => void copyAddress(address)}>
          {words.copy}
        </button>
      </div>
      <p class="soft">{facts.filter(Boolean).join(' · ')}</p>
      <div class="row">
        <button
          type="button"
          class="text-button"
          aria-expanded={opened.value === 'qr'}
          data-testid="share-show-qr"
          onClick={() => toggle('qr')}
        >
          {words.qr}
        </button>
        <button
          type="button"
          class="text-button"
          aria-expanded={opened.value === 'embed'}
          data-testid="share-show-embed"
          onClick={() => toggle('embed')}
        >
          {words.embed}
        </button>
        <button type="button" class="text-button" data-testid="share-revoke" onClick={() => toggle('revoke')}>
          {words.revoke}
        </button>
      </div>
      {opened.value === 'qr' && <QrCode text={address} label={words.qrOf(address)} />}
      {opened.value === 'embed' && (
        <div class="row">
          <textarea readOnly rows={4} aria-label={words.embedHint} data-testid="share-embed" value={embedOf(link)} />
          <button type="button" class="soft-button" onClick={() => void copyAddress(embedOf(link))}>
            {words.copy}
          </button>
        </div>
      )}
      {opened.value === 'revoke' && (
        <AskRemove
          question={words.revokeAsk}
          keep={words.keep}
          remove={words.revoke}
          onKeep={() => {
            opened.value = 'nothing';
          }}
          onRemove={onRevoke}
        />
      )}
    </li>
  );
}
