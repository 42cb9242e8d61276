import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Link } from '../../../api/types';
import { AskRemove } from '../../../frame/dialogs/askRemove';
import { later } from '../../../frame/later';
import { language } from '../../../language';
import { moreWords } from '../../../language/moreWords';
import { ChangeLink } from './changeLink';
import { copyAddress } from './copyAddress';
import { embedOf, type LinkChange, pageOf } from './shareServer';

const QrCode = later(() => import('./qrCode').then((module) => module.QrCode));

type Opened = 'nothing' | 'qr' | 'embed' | 'change' | 'revoke';

interface LinkRowProps {
  link: Link;
  /** True while nobody can open the link, because the game was taken down. */
  isClosed: boolean;
  onChange(change: LinkChange): void;
  onRevoke(): void;
}

/** Draws a link with what its owner can do with it. */
export function LinkRow({ link, isClosed, onChange, onRevoke }: LinkRowProps): JSX.Element {
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
        {!isClosed && (
          <button type="button" class="soft-button" data-testid="share-copy" onClick={() => void copyAddress(address)}>
            {words.copy}
          </button>
        )}
      </div>
      <p class="soft">{facts.filter(Boolean).join(' · ')}</p>
      <div class="row">
        {!isClosed && (
          <>
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
          </>
        )}
        <button
          type="button"
          class="text-button"
          aria-expanded={opened.value === 'change'}
          data-testid="share-change"
          onClick={() => toggle('change')}
        >
          {words.change}
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
      {opened.value === 'change' && (
        <ChangeLink
          link={link}
          onChange={(change) => {
            opened.value = 'nothing';
            onChange(change);
          }}
        />
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
