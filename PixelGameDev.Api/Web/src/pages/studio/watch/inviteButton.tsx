import '../../../styles/invite.css';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { ApiError } from '../../../api/apiError';
import type { SessionInvitation } from '../../../api/types';
import { attempt } from '../../../frame/attempt';
import { Icon } from '../../../frame/icons';
import { moreWords } from '../../../language/moreWords';
import { chooseSeats } from '../seats/chooseSeats';
import type { Studio } from '../studio';
import { openInviteDialog } from './inviteDialog';
import { inviteServer } from './inviteServer';

/** How often the page asks how many people watch, milliseconds. */
const askEvery = 2500;

/**
 * Draws the button that invites people to watch the running game. Once they are invited, it says how many are there. After the end of the
 * game it says that the invitation is still open.
 */
export function InviteButton({ session, studio }: { session: string; studio: Studio }): JSX.Element {
  const words = moreWords().watch;
  const { game, invitation, stage } = studio;
  const show = (now: SessionInvitation | undefined): void => {
    invitation.value = now;
    game.setWatchers(now?.watchers ?? 0);
  };
  const ask = async (): Promise<void> => {
    const asked = invitation.value;
    try {
      const now = await inviteServer.read(session);
      // It may have been taken back since.
      if (invitation.value === asked) show(now);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404 && invitation.value === asked) show(undefined);
    }
  };
  const code = invitation.value?.code;
  useEffect(() => {
    if (code === undefined) return;
    void ask();
    const timer = setInterval(() => void ask(), askEvery);
    return () => clearInterval(timer);
  }, [code]);
  // The game has ended.
  useEffect(() => () => game.setWatchers(0), []);
  const status = (): string =>
    stage.state.value === 'ended' ? moreWords().watch.open : moreWords().watch.watching(invitation.value?.watchers ?? 0);
  const open = async (): Promise<void> => {
    if (invitation.value === undefined) show(await inviteServer.make(session));
    openInviteDialog(invitation, {
      status,
      async takeBack() {
        await inviteServer.takeBack(session);
        show(undefined);
      },
      chooseSeats: () => chooseSeats(studio),
    });
  };
  const watchers = invitation.value?.watchers;
  const label = watchers === undefined ? words.invite : status();
  const isCounted = watchers !== undefined && stage.state.value !== 'ended';
  return (
    <button
      type="button"
      class={isCounted ? 'icon-button invite-button' : 'icon-button'}
      title={label}
      aria-label={label}
      data-testid="invite"
      onClick={() => void attempt(open())}
    >
      <Icon name="eye" />
      {isCounted && <span aria-hidden="true">{watchers}</span>}
    </button>
  );
}
