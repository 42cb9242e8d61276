import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { api } from '../../../api/api';
import type { SavedByGame } from '../../../api/types';
import { messageOf } from '../../../frame/attempt';
import { openDialog } from '../../../frame/dialogs';
import { AskRemove } from '../../../frame/dialogs/askRemove';
import { useLoaded } from '../../../frame/dialogs/loaded';
import { IconButton } from '../../../frame/iconButton';
import { language, strings } from '../../../language';
import { errorWords, loadErrorWords } from '../../../language/errorWords';
import { formatAgo, formatNumber, formatSize } from '../../../language/format';

type SavedFile = SavedByGame['files'][number];

/** The list is read again while it is open: a game may run beside it. */
const refreshEvery = 3000;
const mostShown = 20_000;

/** Shows what the game of a project has saved for this player. Each file can be read, downloaded and reset. */
export async function openSavedDialog(project: string): Promise<void> {
  await loadErrorWords(language());
  openDialog({
    title: () => errorWords().saves.title,
    testId: 'saved-dialog',
    content: () => <Saved project={project} />,
  });
}

function Saved({ project }: { project: string }): JSX.Element {
  const [list, ask] = useLoaded(() => api.savedByGame(project));
  const problem = useSignal('');
  const askingAll = useSignal(false);
  useEffect(() => {
    const timer = setInterval(ask, refreshEvery);
    return () => clearInterval(timer);
  }, []);
  const words = errorWords().saves;
  const reset = (path?: string): void => {
    problem.value = '';
    askingAll.value = false;
    api.resetSaved(project, path).then(ask, (error: unknown) => {
      problem.value = messageOf(error);
      ask();
    });
  };
  const { value } = list;
  const files = value.state === 'there' ? value.value.files : [];
  return (
    <>
      <p class="soft">{words.hint}</p>
      <p class="account-refusal" role="alert">
        {value.state === 'failed' ? value.message : problem.value}
      </p>
      <ul class="trash-list">
        {value.state === 'loading' && <li class="soft">{strings.files.loading}</li>}
        {value.state === 'there' && files.length === 0 && (
          <li class="soft" data-testid="saved-empty">
            {words.none}
          </li>
        )}
        {files.map((file) => (
          <SavedRow key={file.path} project={project} file={file} onReset={() => reset(file.path)} />
        ))}
      </ul>
      {value.state === 'there' && files.length > 0 && (
        <div class="row">
          {askingAll.value ? (
            <AskRemove
              question={words.askAll}
              keep={words.keep}
              remove={words.reset}
              onKeep={() => {
                askingAll.value = false;
              }}
              onRemove={() => reset()}
            />
          ) : (
            <button
              type="button"
              class="soft-button"
              data-testid="saved-reset-all"
              onClick={() => {
                askingAll.value = true;
              }}
            >
              {words.resetAll}
            </button>
          )}
          <span class="soft">{words.room(usedOf(files), formatSize(value.value.maxBytes))}</span>
        </div>
      )}
    </>
  );
}

function SavedRow({ project, file, onReset }: { project: string; file: SavedFile; onReset(): void }): JSX.Element {
  const words = errorWords().saves;
  const { path, size, savedAt, used } = file;
  const asking = useSignal(false);
  const text = useSignal<string | undefined>(undefined);
  const shown = useSignal(false);
  const show = (): void => {
    shown.value = !shown.value;
    if (shown.value)
      void readText(project, path).then(
        (read) => (text.value = read),
        (error: unknown) => (text.value = messageOf(error)),
      );
  };
  if (asking.value) {
    return (
      <li class="trash-item" data-testid={`saved:${path}`}>
        <AskRemove
          question={words.askOne(path)}
          keep={words.keep}
          remove={words.reset}
          onKeep={() => {
            asking.value = false;
          }}
          onRemove={onReset}
        />
      </li>
    );
  }
  return (
    <li class="saved-item" data-testid={`saved:${path}`}>
      <div class="trash-item">
        <div class="trash-name">
          <strong>{path}</strong>
          <span class="soft">{`${sizeOf(size)} · ${formatAgo(savedAt)}`}</span>
          {!used && <span class="soft">{words.unused}</span>}
        </div>
        <IconButton icon="text" size="small" label={(shown.value ? words.hide : words.show)(path)} onClick={show} />
        <a class="soft-button" href={api.savedUrl(project, path)} download={path.split('/').pop()} aria-label={words.download(path)}>
          ↓
        </a>
        <IconButton
          icon="bin"
          size="small"
          label={words.resetOne(path)}
          onClick={() => {
            asking.value = true;
          }}
        />
      </div>
      {shown.value && text.value !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard, too.
        <pre class="saved-text" tabIndex={0} data-testid={`saved-text:${path}`}>
          {text.value}
        </pre>
      )}
    </li>
  );
}

/** Returns the text of a file, or why it cannot be shown. */
async function readText(project: string, path: string): Promise<string> {
  const words = errorWords().saves;
  const bytes = await api.readSaved(project, path);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (text.includes('\0')) return words.noText;
    return text.length > mostShown ? `${text.slice(0, mostShown)}\n\n${words.cut}` : text;
  } catch {
    return words.noText;
  }
}

function usedOf(files: readonly SavedFile[]): string {
  return formatSize(files.reduce((sum, { size }) => sum + Number(size), 0));
}

function sizeOf(bytes: number): string {
  const words = errorWords().saves.size;
  return bytes < 1000 ? words.bytes(bytes) : words.kilobytes(formatNumber(bytes / 1000, bytes < 10_000 ? 1 : 0));
}
