import type { JSX } from 'preact';
import { Icon, type IconName } from '../../../frame/icons';
import { Mascot, type Mood } from '../../../frame/mascot';
import { strings } from '../../../language';
import { endWords } from '../../../play/endWords';
import type { RunEnd } from '../../../play/run';
import type { Studio } from '../studio';
import type { Cover } from './stageModel';

/** Covers the room while there is no picture. */
export function StageCover({ studio }: { studio: Studio }): JSX.Element {
  const { cover, end } = studio.stage;
  return (
    <div class="stage-overlay" hidden={cover.value === undefined} data-testid="stage-overlay">
      {cover.value?.kind === 'idle' && (
        <Card mood="happy" title={strings.stage.idleTitle} text={strings.stage.idleText}>
          <RunButton studio={studio} label={strings.topBar.run} icon="run" />
        </Card>
      )}
      {(cover.value?.kind === 'waiting' || cover.value?.kind === 'turn') && <Waiting cover={cover.value} />}
      {cover.value?.kind === 'end' && end.value !== undefined && (
        <Card mood={moodOf(end.value)} {...endWords(end.value, studio.workspace.paths)}>
          <EndButtons studio={studio} end={end.value} />
        </Card>
      )}
    </div>
  );
}

/** Shows the end of a game that left a picture: below the picture, never over it. */
export function EndBar({ studio }: { studio: Studio }): JSX.Element {
  const { cover, end } = studio.stage;
  if (end.value === undefined || cover.value !== undefined) return <div class="stage-end" role="status" hidden data-testid="stage-end" />;
  const { title, text } = endWords(end.value, studio.workspace.paths);
  return (
    <div class="stage-end" role="status" data-testid="stage-end">
      <Mascot mood={moodOf(end.value)} />
      <div class="stage-end-words" title={`${title} ${text}`}>
        <strong>{title}</strong> <span>{text}</span>
      </div>
      <div class="stage-end-buttons">
        <EndButtons studio={studio} end={end.value} />
      </div>
    </div>
  );
}

function Waiting({ cover }: { cover: Extract<Cover, { kind: 'waiting' | 'turn' }> }): JSX.Element {
  const words = strings.stage;
  if (cover.kind === 'turn') {
    return <Card mood="busy" title={words.starting} text={cover.before === 0 ? words.waitingNext : words.waitingTurn(cover.before)} />;
  }
  return (
    <Card mood="busy" title={words.starting} text={cover.what === undefined ? '' : words.waitingFor[cover.what]}>
      {cover.hint && <p class="soft">{words.noFrameHint}</p>}
    </Card>
  );
}

interface CardProps {
  mood: Mood;
  title: string;
  text: string;
  children?: JSX.Element | false;
}

function Card({ mood, title, text, children }: CardProps): JSX.Element {
  return (
    <div class="stage-card">
      <Mascot mood={mood} />
      <h3>{title}</h3>
      <p>{text}</p>
      {children && <div class="stage-more">{children}</div>}
    </div>
  );
}

function EndButtons({ studio, end }: { studio: Studio; end: RunEnd }): JSX.Element {
  const words = strings.stage;
  const elsewhere = end.reason === 'too_many_games';
  const { file, line, column } = end.report ?? {};
  const place =
    end.reason === 'crashed' && file !== undefined && line !== undefined && studio.workspace.has(file) ? { file, line } : undefined;
  return (
    <>
      {elsewhere && (
        <button type="button" class="run-button big" data-testid="stop-others" onClick={() => studio.stopOthers()}>
          {words.stopOthers}
        </button>
      )}
      {place !== undefined && (
        <button type="button" class="soft-button" data-testid="show-error" onClick={() => studio.jump(place.file, place.line, column)}>
          {words.showError}
        </button>
      )}
      <RunButton
        studio={studio}
        label={end.reason === 'not_started' || elsewhere || place !== undefined ? strings.errors.tryAgain : words.again}
        icon="restart"
        // If another button helps more, that one is the large button.
        look={elsewhere ? 'soft-button' : undefined}
      />
    </>
  );
}

interface RunButtonProps {
  studio: Studio;
  label: string;
  icon: IconName;
  look?: string | undefined;
}

function RunButton({ studio, label, icon, look = 'run-button big' }: RunButtonProps): JSX.Element {
  return (
    <button type="button" class={look} data-testid="stage-run" onClick={() => studio.run()}>
      <Icon name={icon} />
      <span>{label}</span>
    </button>
  );
}

function moodOf({ reason }: RunEnd): Mood {
  return reason === 'finished' ? 'proud' : reason === 'stopped' || reason === 'idle' ? 'sleepy' : 'oops';
}
