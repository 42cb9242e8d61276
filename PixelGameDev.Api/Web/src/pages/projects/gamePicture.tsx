import '../../styles/picture.css';
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { later } from '../../frame/later';
import { Mascot } from '../../frame/mascot';

const Replay = later(() => import('../../replay/replay').then((module) => module.Replay));

interface GamePictureProps {
  /** Where its pictures and recordings are: `/api/projects/…`, or `/api/play/…` for a game of somebody else. */
  address: string;
  /** The name of the picture; null: there is none. A server of the version before tells nothing of pictures. */
  picture: string | null;
  alt: string;
  /** The name of a recording that plays in place of the picture. */
  recording?: string | null | undefined;
}

/** Shows how a game looked at the end of a run. Without a picture the mascot sleeps there. */
export function GamePicture({ address, picture, alt, recording }: GamePictureProps): JSX.Element {
  // A version that was thinned takes its picture along.
  const missing = useSignal<string | null>(null);
  return (
    <span class="game-picture">
      {recording != null && <Replay address={`${address}/recordings/${recording}`} label={alt} autoplay />}
      {picture == null || missing.value === picture ? (
        <Mascot mood="sleepy" />
      ) : (
        <img
          src={`${address}/pictures/${picture}`}
          alt={alt}
          loading="lazy"
          decoding="async"
          onError={() => {
            missing.value = picture;
          }}
        />
      )}
    </span>
  );
}
