import type { JSX } from 'preact';
import { ApiError } from '../../api/apiError';
import { messageOf } from '../../frame/attempt';
import { Mascot } from '../../frame/mascot';
import { strings } from '../../language';
import { sharedWords } from '../../language/sharedWords';

/** Why a link or an invitation shows nothing. */
export type NothingState = { kind: 'gone' | 'ended' } | { kind: 'failed'; message: string };

interface Said {
  title: string;
  text: string;
}

export interface NothingProps {
  state: NothingState;
  words: { gone: Said; ended: Said; failed: string };
  again(): void;
}

export function nothingOf(error: unknown): NothingState {
  if (error instanceof ApiError && (error.status === 404 || error.status === 400)) return { kind: 'gone' };
  if (error instanceof ApiError && error.status === 410) return { kind: 'ended' };
  return { kind: 'failed', message: messageOf(error) };
}

/** Says in friendly words why there is nothing. */
export function Nothing({ state, words, again }: NothingProps): JSX.Element {
  const { title, text } = state.kind === 'failed' ? { title: words.failed, text: state.message } : words[state.kind];
  return (
    <div class="shared-nothing" role="status" data-testid="shared-nothing">
      <Mascot mood={state.kind === 'ended' ? 'sleepy' : 'oops'} />
      <h1>{title}</h1>
      <p class="soft">{text}</p>
      {state.kind === 'failed' ? (
        <button type="button" class="run-button" onClick={again}>
          {strings.errors.tryAgain}
        </button>
      ) : (
        <a class="soft-button" href="/">
          {sharedWords().sharedGame.own}
        </a>
      )}
    </div>
  );
}
