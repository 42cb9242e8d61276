import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { SharedGame } from '../../api/types';
import { Icon } from '../../frame/icons';
import { Mascot } from '../../frame/mascot';
import { strings } from '../../language';
import { sharedWords } from '../../language/sharedWords';
import { endWords } from '../../play/endWords';
import type { RunEnd } from '../../play/run';
import { GameCanvas } from '../studio/stage/gameCanvas';
import { TouchPad } from '../studio/stage/touchPad';
import { FootButtons } from './footButtons';
import { SavedScores } from './savedScores';
import type { SharedLink } from './sharedLink';
import { SharedRun } from './sharedRun';

/** Draws the game that plays: its picture, its controls, its end. It begins as soon as it is drawn, because somebody has pressed Play. */
export function SharedStage({ link, game }: { link: SharedLink; game: SharedGame }): JSX.Element {
  const run = useMemo(() => new SharedRun(link, game), []);
  const section = useRef<HTMLElement>(null);
  const { stage } = run;
  useLayoutEffect(() => run.start(), []);
  return (
    <section
      class="stage shared-stage"
      aria-label={game.title}
      data-state={stage.state}
      data-reason={stage.reason}
      data-picture={stage.hasPicture.value ? '' : undefined}
      ref={section}
    >
      <GameCanvas stage={stage} label={game.title} attach={(canvas, field) => run.attach(canvas, field)}>
        <Cover run={run} />
        <Banner run={run} />
      </GameCanvas>
      <Question run={run} />
      <TouchPad
        controls={run.controls}
        press={(code, down) => run.input.with((input) => input.pad(code, down))}
        onKeyboard={() => run.input.with((input) => input.toggleKeyboard())}
      />
      <Foot link={link} run={run} section={() => section.current!} />
    </section>
  );
}

/** Covers the room while there is no picture. */
function Cover({ run }: { run: SharedRun }): JSX.Element {
  const { cover, end } = run.stage;
  const words = strings.stage;
  const now = cover.value;
  return (
    <div class="stage-overlay" hidden={now === undefined} data-testid="stage-overlay">
      {(now?.kind === 'waiting' || now?.kind === 'turn') && (
        <div class="stage-card" role="status">
          <Mascot mood="busy" />
          <h2>{words.starting}</h2>
          <p>{now.kind === 'turn' ? (now.before === 0 ? words.waitingNext : words.waitingTurn(now.before)) : ''}</p>
        </div>
      )}
      {now?.kind === 'end' && end.value !== undefined && (
        <div class="stage-card" role="status" data-testid="shared-end">
          <Mascot mood={end.value.reason === 'finished' ? 'proud' : 'oops'} />
          <EndWords end={end.value} />
        </div>
      )}
    </div>
  );
}

function EndWords({ end }: { end: RunEnd }): JSX.Element {
  const { title, text } = wordsOf(end);
  return (
    <>
      <h2>{title}</h2>
      <p>{text}</p>
    </>
  );
}

/** Returns words about an end for a person who plays. The studio's words are for the one who makes the game. */
function wordsOf(end: RunEnd): { title: string; text: string } {
  if (end.reason === 'not_started' || end.reason === 'too_many_games') return endWords(end, []);
  const { ends } = sharedWords().sharedGame;
  return Object.hasOwn(ends, end.reason) ? ends[end.reason as keyof typeof ends] : ends.other;
}

function Banner({ run }: { run: SharedRun }): JSX.Element {
  const banner = run.stage.banner.value;
  const words = strings.stage;
  return (
    <div class="stage-banner" role="status" hidden={banner === undefined}>
      {banner !== undefined && <span>{banner.kind === 'refused' ? words.refused[banner.refusal] : words.lost}</span>}
    </div>
  );
}

/** Lets the person answer what the game asks with `input()`. */
function Question({ run }: { run: SharedRun }): JSX.Element | null {
  const line = useSignal('');
  const question = run.question.value;
  if (question === undefined) return null;
  return (
    <form
      class="shared-question"
      onSubmit={(event) => {
        event.preventDefault();
        run.answer(line.value);
        line.value = '';
      }}
    >
      <label>
        <span>{question.trim() || sharedWords().sharedGame.asks}</span>
        <input type="text" value={line.value} autocomplete="off" onInput={({ currentTarget }) => (line.value = currentTarget.value)} />
      </label>
      <button type="submit" class="soft-button">
        {strings.console.send}
      </button>
    </form>
  );
}

function Foot({ link, run, section }: { link: SharedLink; run: SharedRun; section(): HTMLElement }): JSX.Element {
  const { stage } = run;
  const words = sharedWords().sharedGame;
  const end = stage.end.value;
  return (
    <div class="shared-foot">
      {end === undefined ? (
        <button type="button" class="stop-button" data-testid="stop" onClick={() => run.stop()}>
          <Icon name="stop" />
          <span>{words.stop}</span>
        </button>
      ) : (
        <>
          {end.reason === 'too_many_games' && (
            <button type="button" class="run-button" data-testid="stop-others" onClick={() => run.stopOthers()}>
              {strings.stage.stopOthers}
            </button>
          )}
          <button type="button" class="run-button" data-testid="play-again" onClick={() => void run.play()}>
            <Icon name="restart" />
            <span>{strings.stage.again}</span>
          </button>
          <SavedScores link={link} />
          {stage.cover.value === undefined && (
            <p class="shared-end" role="status" data-testid="shared-end">
              <strong>{wordsOf(end).title}</strong> {wordsOf(end).text}
            </p>
          )}
        </>
      )}
      <span class="shared-space" />
      <FootButtons muted={stage.muted.value} setMuted={(muted) => run.setMuted(muted)} section={section} />
    </div>
  );
}
