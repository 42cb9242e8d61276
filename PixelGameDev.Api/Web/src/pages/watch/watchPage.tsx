import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { WatchedGame } from '../../api/types';
import { Icon } from '../../frame/icons';
import { Mascot } from '../../frame/mascot';
import { strings } from '../../language';
import { sharedWords } from '../../language/sharedWords';
import { seatNames, seatPad } from '../../play/seatInput';
import { FootButtons } from '../shared/footButtons';
import { LinkPage } from '../shared/linkPage';
import { GameCanvas } from '../studio/stage/gameCanvas';
import { TouchPad } from '../studio/stage/touchPad';
import { SeatPart } from './seatPart';
import type { WatchLink } from './watchLink';
import { WatchRun } from './watchRun';

/** Draws the page of an invitation: the game that somebody else plays now. */
export function WatchPage({ link }: { link: WatchLink }): JSX.Element {
  return (
    <LinkPage testId="watch" words={sharedWords().watch} show={() => link.show()}>
      {(game, onGone) => <Watching link={link} game={game} onGone={onGone} />}
    </LinkPage>
  );
}

interface WatchingProps {
  link: WatchLink;
  game: WatchedGame;
  onGone(error: unknown): void;
}

function Watching({ link, game, onGone }: WatchingProps): JSX.Element {
  const run = useMemo(() => new WatchRun(link, game, onGone), []);
  useLayoutEffect(() => run.start(), []);
  return (
    <>
      <Head run={run} />
      <main class="shared-main">
        <WatchStage run={run} />
      </main>
    </>
  );
}

function Head({ run }: { run: WatchRun }): JSX.Element {
  const words = sharedWords();
  const { own, by } = words.sharedGame;
  const { title, player } = run.game.value;
  return (
    <header class="shared-head">
      <a class="logo" href="/" title={own} aria-label={own}>
        <Mascot mood="happy" />
      </a>
      <div class="shared-title">
        <h1 data-testid="watch-title">{title}</h1>
        <p class="soft">{run.stage.end.value === undefined ? words.watch.plays(player) : by(player)}</p>
      </div>
    </header>
  );
}

function WatchStage({ run }: { run: WatchRun }): JSX.Element {
  const section = useRef<HTMLElement>(null);
  const { stage, seat } = run;
  const { title } = run.game.value;
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
      {seat.seat.value !== 0 && <TouchPad controls={seatPad} names={seatNames} press={(code, down) => seat.input.pad(code, down)} />}
      {stage.end.value === undefined && <SeatPart seat={seat} />}
      <Foot run={run} section={() => section.current!} />
    </section>
  );
}

/** The words about the end, or about the wait for the next Run. */
function endWordsOf(run: WatchRun): { title: string; text: string } {
  const { ended, waits } = sharedWords().watch;
  return run.waits.value ? waits : ended;
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
        <h2>{ended ? endWordsOf(run).title : words.waiting}</h2>
        {ended && <p>{endWordsOf(run).text}</p>}
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
  const ended = stage.end.value !== undefined;
  return (
    <div class="shared-foot">
      <p class="shared-end" role="status" data-testid="watch-foot">
        {ended ? (
          <>
            <strong>{endWordsOf(run).title}</strong> {endWordsOf(run).text}
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
      <FootButtons
        muted={stage.muted.value}
        {...(run.hasSound.value && { setMuted: (muted: boolean) => run.setMuted(muted) })}
        section={section}
      />
    </div>
  );
}
