import '../../../styles/share.css';
import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { SessionInvitation } from '../../../api/types';
import { messageOf } from '../../../frame/attempt';
import { openDialog } from '../../../frame/dialogs';
import { later } from '../../../frame/later';
import { moreWords } from '../../../language/moreWords';
import { copyAddress } from '../share/copyAddress';
import { watchPageOf } from './inviteServer';

const QrCode = later(() => import('../share/qrCode').then((module) => module.QrCode));

/** Shows the invitation to the game: its address, who is here, and how to take it back. */
export function openInviteDialog(invitation: ReadonlySignal<SessionInvitation | undefined>, actions: InviteActions): void {
  openDialog({
    title: () => moreWords().watch.title,
    testId: 'invite-dialog',
    content: (close) => <Invite invitation={invitation} {...actions} close={close} />,
  });
}

interface InviteActions {
  /** Says who watches. */
  status(): string;
  takeBack(): Promise<void>;
  /** Lets the owner choose what other players press. */
  chooseSeats(): void;
}

interface InviteProps extends InviteActions {
  invitation: ReadonlySignal<SessionInvitation | undefined>;
  close(): void;
}

function Invite({ invitation, status, takeBack, chooseSeats, close }: InviteProps): JSX.Element | null {
  const words = moreWords();
  const problem = useSignal('');
  const now = invitation.value;
  // Taken back, here or in another window.
  useEffect(() => {
    if (now === undefined) close();
  }, [now === undefined]);
  if (now === undefined) return null;
  const address = watchPageOf(now);
  return (
    <>
      <p class="soft">{words.watch.hint}</p>
      <div class="share-link">
        <div class="row">
          <input
            type="text"
            readOnly
            value={address}
            aria-label={words.share.address}
            data-testid="invite-address"
            onFocus={({ currentTarget }) => currentTarget.select()}
          />
          <button type="button" class="soft-button" data-testid="invite-copy" onClick={() => void copyAddress(address)}>
            {words.share.copy}
          </button>
        </div>
        <QrCode text={address} label={words.share.qrOf(address)} />
      </div>
      <p role="status" data-testid="invite-watchers">
        <strong>{status()}</strong>
      </p>
      <button
        type="button"
        class="soft-button"
        data-testid="invite-seats"
        onClick={() => {
          close();
          chooseSeats();
        }}
      >
        {words.seats.choose}
      </button>
      <p class="account-refusal" role="alert">
        {problem.value}
      </p>
      <button
        type="button"
        class="soft-button"
        data-testid="invite-take-back"
        onClick={() =>
          takeBack().catch((error: unknown) => {
            problem.value = messageOf(error);
          })
        }
      >
        {words.watch.takeBack}
      </button>
    </>
  );
}
