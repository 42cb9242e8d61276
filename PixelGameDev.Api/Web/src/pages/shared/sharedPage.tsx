import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { RelatedGame } from '../../api/schema';
import type { SharedGame } from '../../api/types';
import { attempt } from '../../frame/attempt';
import { Dialogs } from '../../frame/dialogs';
import { Icon } from '../../frame/icons';
import { later } from '../../frame/later';
import { Mascot } from '../../frame/mascot';
import { sharedWords } from '../../language/sharedWords';
import { LikeButton } from '../gallery/likeButton';
import { LinkPage } from './linkPage';
import type { SharedLink } from './sharedLink';

/** What plays a game is loaded when the page rests, so that the page itself is there at once. */
const loadStage = (): Promise<typeof import('./sharedStage')> => import('./sharedStage');
const SharedStage = later(() => loadStage().then((module) => module.SharedStage));

/** Only games that have a recording need the code that replays it. */
const Replay = later(() => import('../../replay/replay').then((module) => module.Replay));

/**
 * Draws the page behind a link: the game's title, who made it, and a button that plays it. `still`: address of a picture of the game, if
 * there is one.
 */
export function SharedPage({ link, still }: { link: SharedLink; still: string | undefined }): JSX.Element {
  const plays = useSignal(false);
  return (
    <>
      <LinkPage
        testId="shared"
        embedded={link.embedded}
        words={sharedWords().sharedGame}
        show={() => link.show()}
        onThere={() => whenIdle(() => void loadStage().catch(() => undefined))}
      >
        {(game) => (
          <>
            <Head link={link} game={game} />
            <main class="shared-main">
              {plays.value ? (
                <SharedStage link={link} game={game} />
              ) : (
                <Poster
                  link={link}
                  game={game}
                  still={still}
                  onPlay={() => {
                    plays.value = true;
                  }}
                />
              )}
            </main>
          </>
        )}
      </LinkPage>
      <Dialogs />
    </>
  );
}

function whenIdle(action: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(action);
  else setTimeout(action, 200);
}

function Head({ link, game }: { link: SharedLink; game: SharedGame }): JSX.Element {
  const words = sharedWords().sharedGame;
  return (
    <header class="shared-head">
      <a class="logo" href="/" target={link.embedded ? '_blank' : undefined} rel="noopener" title={words.own} aria-label={words.own}>
        <Mascot mood="happy" />
      </a>
      <div class="shared-title">
        <h1 data-testid="shared-title">{game.title}</h1>
        <p class="soft">{words.by(game.maker)}</p>
        {game.remixOf != null && <Credit original={game.remixOf} />}
      </div>
      {link.embedded ? (
        <a
          class="soft-button"
          href={`/play/${link.code}`}
          target="_blank"
          rel="noopener"
          aria-label={words.openPage}
          title={words.openPage}
        >
          <Icon name="upload" />
        </a>
      ) : (
        <div class="shared-actions">
          {game.withCode && <CodeButtons link={link} game={game} />}
          {(game.likes != null || game.remixOf != null) && (
            <button
              type="button"
              class="soft-button"
              data-testid="family"
              onClick={() =>
                void attempt(import('../gallery/familyDialog').then(({ openFamilyDialog }) => openFamilyDialog(link.code, game)))
              }
            >
              <Icon name="games" />
              <span>{words.family}</span>
            </button>
          )}
          {game.likes != null && <LikeButton code={link.code} likes={game.likes} liked={game.liked === true} />}
          <button
            type="button"
            class="soft-button shared-report"
            aria-label={words.report}
            title={words.report}
            data-testid="report-game"
            onClick={() =>
              void attempt(import('../report/reportDialog').then(({ openReportDialog }) => openReportDialog(link.code, game.title)))
            }
          >
            <Icon name="flag" />
          </button>
        </div>
      )}
    </header>
  );
}

/** Says from which game this one was made, and by whom. */
function Credit({ original: { title, maker, code, gone } }: { original: RelatedGame }): JSX.Element {
  const words = sharedWords().sharedGame;
  return (
    <p class="soft shared-credit" data-testid="credit">
      {words.remixOf} {code === null ? title : <a href={`/play/${code}`}>{title}</a>} {words.by(maker)}
      {gone === true && ` ${words.isGone}`}
    </p>
  );
}

/** Draws what a link with code allows beside playing. */
function CodeButtons({ link, game }: { link: SharedLink; game: SharedGame }): JSX.Element {
  const words = sharedWords().sharedGame;
  const busy = useSignal(false);
  const copy = async (): Promise<void> => {
    busy.value = true;
    await attempt(link.copy().then((id) => location.assign(`/projects/${id}`)));
    busy.value = false;
  };
  return (
    <>
      <button
        type="button"
        class="soft-button"
        data-testid="see-code"
        onClick={() => void attempt(import('./codeDialog').then(({ openCodeDialog }) => openCodeDialog(link, game)))}
      >
        <Icon name="code" />
        <span>{words.code}</span>
      </button>
      <button
        type="button"
        class="soft-button"
        title={words.copyHint}
        data-testid="copy-game"
        disabled={busy.value}
        onClick={() => void copy()}
      >
        <Icon name="plus" />
        <span>{words.copy}</span>
      </button>
    </>
  );
}

interface PosterProps {
  link: SharedLink;
  game: SharedGame;
  still: string | undefined;
  onPlay(): void;
}

/** Draws the game before somebody plays it: its recording plays, if there is one. No server runs the game for that. */
function Poster({ link, game, still, onPlay }: PosterProps): JSX.Element {
  const words = sharedWords().sharedGame;
  const { recording, howToPlay } = game;
  return (
    <>
      <div class={recording || still ? 'shared-poster pictured' : 'shared-poster'}>
        <div class="shared-picture" aria-hidden="true">
          {still ? <img class="shared-still" alt="" src={still} /> : !recording && <Mascot mood="happy" />}
          {recording && <Replay address={link.recordingUrl(recording)} label={game.title} autoplay />}
        </div>
        <button
          type="button"
          class="run-button big shared-play"
          aria-label={`${words.play}: ${game.title}`}
          data-testid="play"
          onClick={onPlay}
        >
          <Icon name="run" />
          <span>{words.play}</span>
        </button>
      </div>
      {howToPlay != null && !link.embedded && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also with the keyboard.
        <section class="shared-how" tabIndex={0} aria-label={words.howToPlay} data-testid="shared-how">
          <h2>{words.howToPlay}</h2>
          <p>{howToPlay}</p>
        </section>
      )}
    </>
  );
}
