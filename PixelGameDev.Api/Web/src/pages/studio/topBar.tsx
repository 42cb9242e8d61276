import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useAtOnce } from '../../frame/atOnce';
import { Icon } from '../../frame/icons';
import { MainMenu } from '../../frame/mainMenu';
import { Mascot } from '../../frame/mascot';
import { strings } from '../../language';
import type { Studio } from './studio';

/** Draws project name and saved state on the left, Run and Stop in the middle, the menu on the right. */
export function TopBar({ studio }: { studio: Studio }): JSX.Element {
  const words = strings.topBar;
  const playing = studio.playing.value;
  const stop = useRef<HTMLButtonElement>(null);
  // A press of Stop right after one of Run must count.
  useAtOnce(studio.playing, (runs) => {
    stop.current!.disabled = !runs;
  });
  return (
    <header class={playing ? 'top-bar playing' : 'top-bar'}>
      <div class="top-left">
        <span class="logo" title={strings.title}>
          <Mascot mood="happy" />
        </span>
        <h1 class="unseen">{studio.projectName.value.text || strings.title}</h1>
        <div class="project">
          <ProjectName studio={studio} />
          <Saved studio={studio} />
        </div>
      </div>
      <div class="top-actions">
        <button
          type="button"
          class="run-button"
          title={playing ? words.restartHint : words.runHint}
          disabled={!studio.ready.value}
          data-testid="run"
          ref={studio.runButton}
          onClick={() => studio.run()}
        >
          <Icon name={playing ? 'restart' : 'run'} />
          <span>{playing ? words.restart : words.run}</span>
        </button>
        <button type="button" class="stop-button" title={words.stopHint} ref={stop} data-testid="stop" onClick={() => studio.stop()}>
          <Icon name="stop" />
          <span>{words.stop}</span>
        </button>
        <MainMenu {...studio.menu} />
      </div>
    </header>
  );
}

/** Draws the name of the game, which is edited in place. */
function ProjectName({ studio }: { studio: Studio }): JSX.Element {
  const name = studio.projectName.value;
  const field = useRef<HTMLInputElement>(null);
  const restore = (): void => {
    field.current!.value = name.text;
    fitWidth(field.current!);
  };
  useLayoutEffect(restore, [name]);
  return (
    <input
      class="project-name"
      type="text"
      maxLength={80}
      spellcheck={false}
      autocomplete="off"
      aria-label={strings.topBar.projectName}
      title={strings.topBar.projectName}
      data-testid="project-name"
      ref={field}
      onChange={({ currentTarget }) => {
        const wanted = currentTarget.value.trim();
        if (wanted === '') restore();
        else if (wanted !== name.text) studio.renameProject(wanted);
        fitWidth(currentTarget);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.value = name.text;
        if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
      }}
      onInput={({ currentTarget }) => fitWidth(currentTarget)}
    />
  );
}

/** Makes the field as wide as its text, within the style sheet's limits; newer browsers do that by themselves. */
function fitWidth(field: HTMLInputElement): void {
  if (CSS.supports('field-sizing', 'content')) return;
  field.style.width = `${Math.max(6, field.value.length + 2)}ch`;
}

function Saved({ studio }: { studio: Studio }): JSX.Element {
  const { state, reason } = studio.saved.value;
  return (
    // The attribute shows each state at once, not only the last one before the browser draws.
    <span class={`saved ${state}`} title={reason} role="status" data-state={studio.savedState} data-testid="saved">
      <Icon name={state === 'saved' ? 'check' : state === 'refused' ? 'warning' : 'cloud'} />
      <span>{strings.saved[state]}</span>
    </span>
  );
}
