import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect } from 'preact/hooks';
import { MissingPartBar } from '../../frame/missingPart';
import { Toasts } from '../../frame/toasts';
import { strings } from '../../language';
import { Nothing, type NothingProps, type NothingState, nothingOf } from './nothing';

type State<Game> = { kind: 'loading' } | { kind: 'there'; game: Game } | NothingState;

interface LinkPageProps<Game> {
  testId: string;
  embedded?: boolean;
  words: NothingProps['words'];
  show(): Promise<Game>;
  /** Called when the game is there. */
  onThere?(): void;
  /** `onGone`: the link does not work any more. */
  children(game: Game, onGone: (error: unknown) => void): ComponentChildren;
}

/** Draws a page behind a link: it loads what the link shows, or says why there is nothing. */
export function LinkPage<Game extends { title: string }>(props: LinkPageProps<Game>): JSX.Element {
  const { testId, embedded, words, show, onThere, children } = props;
  const state = useSignal<State<Game>>({ kind: 'loading' });
  const fail = (error: unknown): void => {
    state.value = nothingOf(error);
  };
  const load = (): void => {
    state.value = { kind: 'loading' };
    show().then((game) => {
      state.value = { kind: 'there', game };
      onThere?.();
    }, fail);
  };
  useEffect(load, []);
  const now = state.value;
  const title = now.kind === 'there' ? now.game.title : strings.title;
  useLayoutEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <>
      <MissingPartBar />
      <div class={embedded ? 'shared embedded' : 'shared'} data-state={now.kind} data-testid={testId}>
        {now.kind === 'there' ? (
          children(now.game, fail)
        ) : (
          <main class="shared-main">{now.kind !== 'loading' && <Nothing state={now} words={words} again={load} />}</main>
        )}
      </div>
      <Toasts />
    </>
  );
}
