import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { GamePicture } from './gamePicture';

interface GameLinkProps {
  href: string;
  /** What the link does, in words. */
  label: string;
  /** Where its pictures and recordings are: `/api/projects/…`, or `/api/play/…` for a game of somebody else. */
  address: string;
  game: { picture: string | null; recording?: string | null };
  /** What the picture shows, in words. */
  alt: string;
  /** The words below the picture. */
  children: ComponentChildren;
}

/** Draws the part of a card that opens a game. Its recording plays for whoever looks at the card. */
export function GameLink({ href, label, address, game: { picture, recording }, alt, children }: GameLinkProps): JSX.Element {
  const looked = useSignal(false);
  const look = (now: boolean) => () => {
    looked.value = now;
  };
  return (
    <a
      class="game-open"
      href={href}
      title={label}
      onPointerEnter={look(true)}
      onPointerLeave={look(false)}
      onFocus={look(true)}
      onBlur={look(false)}
    >
      <GamePicture address={address} picture={picture} alt={alt} recording={looked.value ? recording : undefined} />
      {children}
    </a>
  );
}
