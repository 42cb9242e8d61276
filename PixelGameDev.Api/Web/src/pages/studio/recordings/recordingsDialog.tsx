import '../../../styles/recordings.css';
import { useComputed, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { messageOf } from '../../../frame/attempt';
import { openDialog } from '../../../frame/dialogs';
import { AskRemove } from '../../../frame/dialogs/askRemove';
import { useLoaded } from '../../../frame/dialogs/loaded';
import { IconButton } from '../../../frame/iconButton';
import { Icon } from '../../../frame/icons';
import { language, strings } from '../../../language';
import { formatNumber, formatSize } from '../../../language/format';
import { loadMoreWords, moreWords } from '../../../language/moreWords';
import { Replay } from '../../../replay/replay';
import { formatTime } from '../history/revisionWords';
import { GifButton } from './gifButton';
import { type Recording, recordingsServer } from './recordingsServer';

export interface RecordingsOptions {
  project: string;
  /** The session of the last run on this page; undefined: there was none. */
  session: string | undefined;
  /** Length of a recording; 0: this server records nothing. */
  seconds: number;
}

/** Shows the recordings of a game: replays them, keeps the last run, chooses which one shows the game, makes a GIF. */
export async function openRecordingsDialog(options: RecordingsOptions): Promise<void> {
  await loadMoreWords(language());
  openDialog({
    title: () => moreWords().recordings.title,
    testId: 'recordings-dialog',
    content: () => <Recordings {...options} />,
  });
}

function Recordings({ project, session, seconds }: RecordingsOptions): JSX.Element {
  const words = moreWords().recordings;
  const [list, ask] = useLoaded(() => recordingsServer.list(project));
  const chosen = useSignal<string | undefined>(undefined);
  const problem = useSignal('');
  const recordings = useComputed(() => (list.value.state === 'there' ? list.value.value.recordings : []));
  const act = (action: Promise<unknown>): void => {
    problem.value = '';
    action.then(ask, (error: unknown) => {
      problem.value = messageOf(error);
      ask();
    });
  };
  const keepLast = async (): Promise<void> => {
    chosen.value = (await recordingsServer.keep(project, session!)).name;
  };
  const watched = recordings.value.find(({ name }) => name === chosen.value) ?? recordings.value[0];
  const { value } = list;
  return (
    <div class="recordings">
      <p class="soft">{seconds > 0 ? words.hint(seconds) : words.off}</p>
      <p class="account-refusal" role="alert">
        {value.state === 'failed' ? value.message : problem.value}
      </p>
      {seconds > 0 && session !== undefined && (
        <div class="row">
          <button type="button" class="soft-button" data-testid="keep-last" onClick={() => act(keepLast())}>
            <Icon name="record" />
            {words.keepLast}
          </button>
        </div>
      )}
      {watched !== undefined && (
        <Replay
          key={watched.name}
          address={recordingsServer.url(project, watched.name)}
          label={words.label}
          words={words.replay}
          autoplay={chosen.value !== undefined}
        />
      )}
      {value.state === 'loading' && <p class="soft">{strings.files.loading}</p>}
      {value.state === 'there' && recordings.value.length === 0 && (
        <p class="soft" data-testid="recordings-empty">
          {words.none}
        </p>
      )}
      <ol class="recording-list">
        {recordings.value.map((recording) => (
          <RecordingItem
            key={recording.name}
            project={project}
            recording={recording}
            watched={recording === watched}
            onWatch={() => {
              chosen.value = recording.name;
            }}
            onShow={(shown) => act(recordingsServer.show(project, recording.name, shown))}
            onRemove={() => act(recordingsServer.remove(project, recording.name))}
          />
        ))}
      </ol>
    </div>
  );
}

interface RecordingItemProps {
  project: string;
  recording: Recording;
  watched: boolean;
  onWatch(): void;
  onShow(shown: boolean): void;
  onRemove(): void;
}

function RecordingItem({ project, recording, watched, onWatch, onShow, onRemove }: RecordingItemProps): JSX.Element {
  const words = moreWords().recordings;
  const asking = useSignal(false);
  const { name, createdAt, millis, size, shown } = recording;
  const when = formatTime(createdAt);
  if (asking.value) {
    return (
      <li class="recording">
        <AskRemove
          question={words.ask}
          keep={words.askNo}
          remove={words.askYes}
          onKeep={() => {
            asking.value = false;
          }}
          onRemove={onRemove}
        />
      </li>
    );
  }
  return (
    <li class={watched ? 'recording watched' : 'recording'} data-testid={`recording:${name}`}>
      <button type="button" class="recording-open" aria-label={words.watch(when)} aria-pressed={watched} onClick={onWatch}>
        <Icon name="play" />
        <strong>{when}</strong>
        <span class="soft">{words.details(formatNumber(millis / 1000, 1), formatSize(size))}</span>
      </button>
      <button
        type="button"
        class="soft-button"
        aria-pressed={shown}
        title={shown ? words.hide : undefined}
        data-testid="recording-show"
        onClick={() => onShow(!shown)}
      >
        {shown && <Icon name="check" />}
        {shown ? words.shown : words.show}
      </button>
      <GifButton project={project} name={name} />
      <IconButton
        icon="bin"
        size="small"
        label={words.remove(when)}
        onClick={() => {
          asking.value = true;
        }}
      />
    </li>
  );
}
