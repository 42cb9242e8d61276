import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { WatchedGame } from '../../api/types';
import { IconButton } from '../../frame/iconButton';
import { Icon } from '../../frame/icons';
import { Mascot } from '../../frame/mascot';
import { MissingPartBar } from '../../frame/missingPart';
import { Toasts } from '../../frame/toasts';
import { strings } from '../../language';
import { sharedWords } from '../../language/sharedWords';
import { toggleFullscreen } from '../shared/fullscreen';
import { Nothing, type NothingState, nothingOf } from '../shared/nothing';
import { GameCanvas } from '../studio/stage/gameCanvas';
import type { WatchLink } from './watchLink';
import { WatchRun } from './watchRun';

type State = { kind: 'loading' } | { kind: 'there'; game: WatchedGame } | NothingState;

/** Draws the page of an invitation: the game that somebody else plays now. */
export function WatchPage({ link }: { link: WatchLink }): JSX.Element {
  const state = useSignal<State>({ kind: 'loading' });
  const load = (): void => {
    state.value = { kind: 'loading' };
    link.show().then(
      (game) => {
        state.value = { kind: 'there', game };
      },
      (error: unknown) => {
        state.value = nothingOf(error);
      },
    );
  };
  useEffect(load, []);
  const now = state.value;
  const title = now.kind === 'there' ? now.game.title : strings.title;
  useLayoutEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <>
      <div class="shared" data-state={now.kind} data-testid="watch">
        {now.kind === 'there' ? (
          <>
            <Head game={now.game} />
            <main class="shared-main">
              <WatchStage
                link={link}
                title={now.game.title}
                onGone={(error) => {
                  state.value = nothingOf(error);
                }}
              />
            </main>
          </>
        ) : (
          <main class="shared-main">{now.kind !== 'loading' && <Nothing state={now} words={sharedWords().watch} again={load} />}</main>
        )}
      </div>
      <MissingPartBar />
      <Toasts />
    </>
  );
}

function Head({ game }: { game: WatchedGame }): JSX.Element {
  const { own } = sharedWords().sharedGame;
  return (
    <header class="shared-head">
      <a class="logo" href="/" title={own} aria-label={own}>
        <Mascot mood="happy" />
      </a>
      <div class="shared-title">
        <h1 data-testid="watch-title">{game.title}</h1>
        <p class="soft">{sharedWords().watch.plays(game.player)}</p>
      </div>
    </header>
  );
}

interface WatchStageProps {
  link: WatchLink;
  title: string;
  onGone(error: unknown): void;
}

function WatchStage({ link, title, onGone }: WatchStageProps): JSX.Element {
  const run = useMemo(() => new WatchRun(link, onGone), []);
  const section = useRef<HTMLElement>(null);
  const { stage } = run;
  useLayoutEffect(() => run.start(), []);
  return (
    <section
      class="stage shared-stage"
      aria-label={title}
      data-state={stage.state}
      data-picture={stage.hasPicture.value ? '' : undefined}
      ref={section}
    >
      <GameCanvas stage={stage} label={title} attach={(canvas) => run.attach(canvas)} watchOnly>
        <Cover run={run} />
        <Banner run={run} />
      </GameCanvas>
      <Foot run={run} section={() => section.current!} />
    </section>
  );
}

/** Covers the room while there is no picture. */
function Cover({ run }: { run: WatchRun }): JSX.Element {
  const { cover } = run.stage;
  const words = sharedWords().watch;
  const ended = cover.value?.kind === 'end';
  return (
    <div class="stage-overlay" hidden={cover.value === undefined}>
      <div class="stage-card" role="status">
        <Mascot mood={ended ? 'sleepy' : 'busy'} />
        <h2>{ended ? words.ended.title : words.waiting}</h2>
        {ended && <p>{words.ended.text}</p>}
      </div>
    </div>
  );
}

function Banner({ run }: { run: WatchRun }): JSX.Element {
  const banner = run.stage.banner.value;
  const words = strings.stage;
  return (
    <div class="stage-banner" role="status" hidden={banner === undefined}>
      {banner !== undefined && <span>{banner.kind === 'refused' ? words.refused[banner.refusal] : words.lost}</span>}
    </div>
  );
}

function Foot({ run, section }: { run: WatchRun; section(): HTMLElement }): JSX.Element {
  const { stage } = run;
  const words = sharedWords().watch;
  const muted = stage.muted.value;
  const ended = stage.end.value !== undefined;
  return (
    <div class="shared-foot">
      <p class="shared-end" role="status" data-testid="watch-foot">
        {ended ? (
          <>
            <strong>{words.ended.title}</strong> {words.ended.text}
          </>
        ) : (
          words.live
        )}
      </p>
      <span class="shared-space" />
      {!ended && !run.hasSound.value && (
        // Any press on the page starts the sound; the button says so.
        <button type="button" class="soft-button" data-testid="watch-sound">
          <Icon name="sound" />
          <span>{words.sound}</span>
        </button>
      )}
      {run.hasSound.value && (
        <IconButton
          icon={muted ? 'mute' : 'sound'}
          label={muted ? strings.stage.unmute : strings.stage.mute}
          testId="mute"
          onClick={() => run.setMuted(!muted)}
        />
      )}
      <IconButton icon="fullscreen" label={strings.stage.fullscreen} testId="fullscreen" onClick={() => void toggleFullscreen(section())} />
    </div>
  );
}
