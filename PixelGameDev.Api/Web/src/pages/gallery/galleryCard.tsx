import type { JSX } from 'preact';
import { galleryWords } from '../../language/galleryWords';
import { GameLink } from '../projects/gameLink';
import type { GalleryGame } from './galleryServer';

interface GalleryCardProps {
  game: GalleryGame;
  onTag(tag: string): void;
}

/** Draws a published game: everything of it opens its page, and each tag finds more games. */
export function GalleryCard({ game, onTag }: GalleryCardProps): JSX.Element {
  const { code, title, maker, howToPlay, tags, likes } = game;
  const words = galleryWords().gallery;
  return (
    <li class="game-card gallery-card" data-testid={`gallery:${title}`}>
      <GameLink href={`/play/${code}`} label={words.openNamed(title)} address={`/api/play/${code}`} game={game} alt={words.picture(title)}>
        <strong>{title}</strong>
        <span class="soft">
          {words.by(maker)}
          {likes > 0 && (
            <span class="gallery-likes" role="img" aria-label={words.likes(likes)}>
              ♥ {likes}
            </span>
          )}
        </span>
        {howToPlay !== '' && <span class="gallery-how">{howToPlay}</span>}
      </GameLink>
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
