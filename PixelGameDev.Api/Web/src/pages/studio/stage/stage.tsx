import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from '../../../frame/iconButton';
import { Icon } from '../../../frame/icons';
import { later } from '../../../frame/later';
import { Mascot } from '../../../frame/mascot';
import { language, strings } from '../../../language';
import { loadMoreWords } from '../../../language/moreWords';
import type { Studio } from '../studio';
import { GameCanvas } from './gameCanvas';
import { EndBar, StageCover } from './stageCover';
import { TouchPad } from './touchPad';

const RecordButton = later(async () => {
  const [{ RecordButton }] = await Promise.all([import('../recordings/recordButton'), loadMoreWords(language())]);
  return RecordButton;
});
const InviteButton = later(async () => {
  const [{ InviteButton }] = await Promise.all([import('../watch/inviteButton'), loadMoreWords(language())]);
  return InviteButton;
});
const SeatsBar = later(async () => {
  const [{ SeatsBar }] = await Promise.all([import('../seats/seatsBar'), loadMoreWords(language())]);
  return SeatsBar;
});
const HudPanel = later(() => import('./hudPanel').then((module) => module.HudPanel));

/** Draws the game's half of the page: its picture, the cover while there is none, and the small figures. */
export function Stage({ studio }: { studio: Studio }): JSX.Element {
  const { stage } = studio;
  const section = useRef<HTMLElement>(null);
  useLayoutEffect(() => studio.attachStage(section.current!), []);
  return (
    <section
      class="stage"
      aria-label={strings.stage.heading}
      data-state={stage.state}
      data-reason={stage.reason}
      data-picture={stage.hasPicture.value ? '' : undefined}
      ref={section}
    >
      <StageHead studio={studio} />
      <Room studio={studio} />
      {stage.seats.value !== undefined && stage.state.value === 'playing' && <SeatsBar studio={studio} />}
      <TouchPad
        controls={studio.touch.controls.value}
        press={(code, down) => studio.input.with((input) => input.pad(code, down))}
        onChoose={() => studio.chooseControls()}
        onKeyboard={() => studio.input.with((input) => input.toggleKeyboard())}
      />
      <div class="stage-foot">
        <Sandbox studio={studio} />
        <KeyboardHint studio={studio} />
        <EndBar studio={studio} />
      </div>
    </section>
  );
}

function StageHead({ studio }: { studio: Studio }): JSX.Element {
  const { stage } = studio;
  const words = strings.stage;
  const caption = stage.caption.value?.trim() ? stage.caption.value : words.heading;
  const muted = stage.muted.value;
  const { hud } = stage;
  const session = studio.session.value;
  const plays = stage.state.value === 'playing' && stage.hasPicture.value;
  // After the end, too, while people wait for the next Run.
  const isInvited = stage.state.value === 'ended' && studio.invitation.value !== undefined;
  return (
    <div class="panel-head">
      <h2 class="stage-caption" title={caption}>
        {caption}
      </h2>
      <Figures studio={studio} />
      <IconButton
        icon="hud"
        label={words.hud}
        testId="hud-button"
        aria-expanded={hud.visible.value}
        aria-controls="hud-panel"
        onClick={() => hud.show(!hud.visible.value)}
      />
      {studio.recordSeconds.value > 0 && plays && <RecordButton key={session} studio={studio} seconds={studio.recordSeconds.value} />}
      {session !== undefined && (plays || isInvited) && <InviteButton key={`invite:${session}`} session={session} studio={studio} />}
      <IconButton
        icon={muted ? 'mute' : 'sound'}
        label={muted ? words.unmute : words.mute}
        testId="mute"
        onClick={() => studio.setMuted(!muted)}
      />
      <IconButton icon="fullscreen" label={words.fullscreen} testId="fullscreen" onClick={() => void studio.toggleFullscreen()} />
    </div>
  );
}

/** Draws the small numbers next to the caption. */
function Figures({ studio }: { studio: Studio }): JSX.Element {
  const figures = studio.stage.figures.value;
  const words = strings.hud;
  if (figures === undefined) return <span class="hud" data-testid="hud" />;
  const latency = figures.latency ?? figures.roundTrip;
  const still = figures.fps === 0;
  return (
    <span class="hud" data-testid="hud">
      <span title={still ? words.stillHint : words.fpsHint}>{still ? words.still : words.fps(figures.fps)}</span>
      {latency !== null && <span title={words.latencyHint}>{words.milliseconds(String(Math.round(latency)))}</span>}
      <span class="hud-bytes" title={words.bytesHint}>
        {words.bytes(Math.round(figures.bytes / 1024))}
      </span>
    </span>
  );
}

/** Draws the picture and everything over it. */
function Room({ studio }: { studio: Studio }): JSX.Element {
  const { stage } = studio;
  const label = stage.caption.value?.trim() || strings.stage.heading;
  return (
    <GameCanvas stage={stage} label={label} attach={(canvas, field) => studio.attachCanvas(canvas, field)}>
      <StageCover studio={studio} />
      {stage.hud.visible.value && <HudPanel hud={stage.hud} />}
      <StageBanner studio={studio} />
      <MouseHint studio={studio} />
    </GameCanvas>
  );
}

/** Says how the person gives the mouse to a game that looks around with it, and how to get it back. */
function MouseHint({ studio }: { studio: Studio }): JSX.Element | null {
  const state = studio.stage.mouseLock.value;
  if (state === 'free') return <div class="mouse-hint" role="status" hidden data-testid="mouse-hint" />;
  return (
    // A new element for each state, so that its animation begins again.
    <div key={state} class={`mouse-hint ${state}`} role="status" data-testid="mouse-hint">
      {strings.stage.mouse[state]}
    </div>
  );
}

function StageBanner({ studio }: { studio: Studio }): JSX.Element {
  const banner = studio.stage.banner.value;
  const words = strings.stage;
  return (
    <div class="stage-banner" role="status" hidden={banner === undefined} data-testid="stage-banner">
      {banner !== undefined && (
        <>
          <Mascot mood="busy" />
          <span>
            {banner.kind === 'refused' ? words.refused[banner.refusal] : words[banner.kind === 'lost' ? 'lost' : 'stoppingOthers']}
          </span>
        </>
      )}
    </div>
  );
}

function Sandbox({ studio }: { studio: Studio }): JSX.Element {
  const kind = studio.stage.sandbox.value;
  if (kind === undefined) return <span class="sandbox" hidden data-testid="sandbox" />;
  const { name, hint } = strings.sandbox[kind];
  const safe = kind !== 'subprocess';
  return (
    <span class={`sandbox ${safe ? 'safe' : 'unsafe'}`} title={hint} data-testid="sandbox">
      <Icon name={safe ? 'shield' : 'warning'} />
      <span>{name}</span>
    </span>
  );
}

function KeyboardHint({ studio }: { studio: Studio }): JSX.Element {
  const { focused, playing } = studio.stage.keyboard.value;
  return (
    <span class="stage-hint">
      {playing && (
        <>
          <Icon name="keyboard" />
          <span>{focused ? strings.stage.keyboardOn : strings.stage.clickToPlay}</span>
        </>
      )}
    </span>
  );
}
