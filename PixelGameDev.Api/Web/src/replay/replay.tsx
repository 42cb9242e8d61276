import '../styles/replay.css';
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../frame/icons';
import { ReplayPlayer, type ReplayState } from './replayPlayer';

export interface ReplayWords {
  play: string;
  pause: string;
  loading: string;
  broken: string;
}

export interface ReplayProps {
  /** Address of the recording's file. */
  address: string;
  /** What the picture shows, for people who do not see it. */
  label: string;
  /** Without words, there is nothing to press: only the picture moves. */
  words?: ReplayWords;
  /** Plays at once, except for people who want less movement. */
  autoplay?: boolean;
}

/** Replays a recording. A click, Enter or the space bar stops it and lets it go on. */
export function Replay({ address, label, words, autoplay = false }: ReplayProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const player = useRef<ReplayPlayer | undefined>(undefined);
  const state = useSignal<ReplayState>('loading');
  useLayoutEffect(() => {
    const made = new ReplayPlayer(canvas.current!, address, (now) => {
      state.value = now;
    });
    player.current = made;
    state.value = 'loading';
    if (autoplay && !matchMedia('(prefers-reduced-motion: reduce)').matches) made.play();
    else void made.show();
    return () => made.dispose();
  }, [address]);
  const playing = state.value === 'playing';
  const broken = state.value === 'broken';
  return (
    <div class="replay" data-state={state.value} data-testid="replay">
      <canvas width={320} height={240} role="img" aria-label={label} ref={canvas} />
      {words !== undefined && broken && (
        <p class="replay-broken" role="status">
          {words.broken}
        </p>
      )}
      {words !== undefined && !broken && (
        <button
          type="button"
          class="replay-button"
          aria-label={playing ? words.pause : words.play}
          title={playing ? words.pause : words.play}
          onClick={() => (playing ? player.current?.pause() : player.current?.play())}
        >
          {state.value === 'loading' ? <span class="soft">{words.loading}</span> : !playing && <Icon name="run" />}
        </button>
      )}
    </div>
  );
}
