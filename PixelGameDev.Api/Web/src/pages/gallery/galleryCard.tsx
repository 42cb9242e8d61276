import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { galleryWords } from '../../language/galleryWords';
import { GamePicture } from '../projects/gamePicture';
import type { GalleryGame } from './galleryServer';

interface GalleryCardProps {
  game: GalleryGame;
  onTag(tag: string): void;
}

/** Draws a published game: everything of it opens its page, and each tag finds more games. */
export function GalleryCard({ game, onTag }: GalleryCardProps): JSX.Element {
  const { code, title, maker, howToPlay, tags, picture, recording } = game;
  const words = galleryWords().gallery;
  // The recording plays for whoever looks at this card.
  const looked = useSignal(false);
  const look = (now: boolean) => () => {
    looked.value = now;
  };
  return (
    <li class="game-card gallery-card" data-testid={`gallery:${title}`}>
      <a
        class="game-open"
        href={`/play/${code}`}
        title={words.openNamed(title)}
        onPointerEnter={look(true)}
        onPointerLeave={look(false)}
        onFocus={look(true)}
        onBlur={look(false)}
      >
        <GamePicture
          address={`/api/play/${code}`}
          picture={picture}
          alt={words.picture(title)}
          recording={looked.value ? recording : undefined}
        />
        <strong>{title}</strong>
        <span class="soft">{words.by(maker)}</span>
        {howToPlay !== '' && <span class="gallery-how">{howToPlay}</span>}
      </a>
      {tags.length > 0 && (
        <div class="gallery-tags">
          {tags.map((tag) => (
            <button key={tag} type="button" class="gallery-tag" aria-label={words.tagged(tag)} onClick={() => onTag(tag)}>
              {tag}
            </button>
          ))}
        </div>
      )}
    </li>
  );
}
