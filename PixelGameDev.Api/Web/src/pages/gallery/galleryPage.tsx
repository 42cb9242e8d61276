import '../../styles/gallery.css';
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { attempt } from '../../frame/attempt';
import { Mascot } from '../../frame/mascot';
import { strings } from '../../language';
import { galleryWords, hasGalleryWords, loadGalleryWords } from '../../language/galleryWords';
import { GamesHead, GamesSearch } from '../projects/gamesHead';
import { GalleryCard } from './galleryCard';
import { GalleryModel } from './galleryModel';
import type { GalleryOrder } from './galleryServer';

const orders: readonly GalleryOrder[] = ['newest', 'liked'];

/** Draws the published games of this server. The visit alone makes no account. */
export default function GalleryPage(): JSX.Element | null {
  const model = useMemo(() => new GalleryModel(), []);
  const ready = useSignal(hasGalleryWords());
  useEffect(() => {
    void model.find('');
    void attempt(
      loadGalleryWords().then(() => {
        ready.value = true;
      }),
    );
  }, []);
  useEffect(() => {
    if (ready.value) document.title = `${galleryWords().gallery.title} · ${strings.title}`;
  });
  return ready.value ? <Gallery model={model} /> : null;
}

function Gallery({ model }: { model: GalleryModel }): JSX.Element {
  const words = galleryWords().gallery;
  const problem = model.problem.value;
  return (
    <main class="games-page" data-testid="gallery-page">
      <GamesHead title={words.title}>
        <a class="soft-button gallery-mine" href="/">
          {words.mine}
        </a>
      </GamesHead>
      {problem === undefined || problem.kind === 'failed' ? (
        <>
          <GamesSearch
            label={words.search}
            value={model.search.value}
            placeholder={words.searchHint}
            testId="gallery-search"
            onType={(search) => model.type(search)}
          />
          <div class="row gallery-order" role="group" aria-label={words.order}>
            {orders.map((order) => (
              <button
                key={order}
                type="button"
                class="soft-button"
                aria-pressed={model.order.value === order}
                data-testid={`gallery-${order}`}
                onClick={() => void model.sort(order)}
              >
                {words.orders[order]}
              </button>
            ))}
          </div>
          <p class="account-refusal" role="alert">
            {problem?.message}
          </p>
          <Games model={model} />
        </>
      ) : (
        <Empty text={words[problem.kind]} />
      )}
    </main>
  );
}

function Games({ model }: { model: GalleryModel }): JSX.Element {
  const words = galleryWords().gallery;
  const games = model.games.value;
  if (games === undefined) return <p class="soft">{model.problem.value === undefined && strings.files.loading}</p>;
  if (games.length === 0) return <Empty text={model.search.value.trim() === '' ? words.empty : words.nothingFound} />;
  return (
    <>
      <ul class="games-list" aria-label={words.title}>
        {games.map((game) => (
          <GalleryCard key={game.code} game={game} onTag={(tag) => void model.find(tag)} />
        ))}
      </ul>
      {model.next.value !== undefined && (
        <button type="button" class="soft-button gallery-more" data-testid="gallery-more" onClick={() => void model.more()}>
          {words.more}
        </button>
      )}
    </>
  );
}

function Empty({ text }: { text: string }): JSX.Element {
  return (
    <div class="gallery-empty" role="status" data-testid="gallery-empty">
      <Mascot mood="sleepy" />
      <p>{text}</p>
    </div>
  );
}
