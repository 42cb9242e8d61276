import '../../../styles/recordings.css';
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { attempt } from '../../../frame/attempt';
import { IconButton } from '../../../frame/iconButton';
import { toast } from '../../../frame/toasts';
import { moreWords } from '../../../language/moreWords';
import type { Studio } from '../studio';
import { recordingsServer } from './recordingsServer';

/** The recording begins with the next whole picture, and that takes a moment, milliseconds. */
const moment = 1000;

/** Draws the button that records the next seconds of the game. They are kept when they are over, or when it is pressed again. */
export function RecordButton({ studio, seconds }: { studio: Studio; seconds: number }): JSX.Element {
  const words = moreWords().recordings;
  /** Seconds that are left; undefined: nothing is recorded. */
  const left = useSignal<number | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setInterval> | undefined>(undefined);
  const running = useRef<{ project: string; session: string } | undefined>(undefined);
  const keep = async (): Promise<void> => {
    const what = running.current;
    clearInterval(timer.current);
    running.current = undefined;
    left.value = undefined;
    if (what === undefined) return;
    await recordingsServer.keep(what.project, what.session);
    toast(words.kept, { kind: 'good', key: 'recording', action: { label: words.open, run: () => studio.openRecordings() } });
  };
  const begin = async (): Promise<void> => {
    const project = studio.workspace.projectId.value;
    const session = studio.session.value;
    if (project === undefined || session === undefined) return;
    await recordingsServer.restart(session);
    running.current = { project, session };
    left.value = seconds;
    const until = performance.now() + seconds * 1000 + moment;
    timer.current = setInterval(() => {
      const rest = until - performance.now();
      if (rest <= 0) void attempt(keep());
      else left.value = Math.min(seconds, Math.ceil(rest / 1000));
    }, 250);
  };
  // The game ends, or the page shows another one: what is recorded is kept.
  useEffect(() => () => void attempt(keep()), []);
  const recording = left.value !== undefined;
  return (
    <IconButton
      icon={recording ? 'stop' : 'record'}
      class={recording ? 'record-button recording' : 'record-button'}
      label={recording ? words.recording(left.value!) : words.record(seconds)}
      testId="record"
      onClick={() => void attempt(recording ? keep() : begin())}
    />
  );
}
