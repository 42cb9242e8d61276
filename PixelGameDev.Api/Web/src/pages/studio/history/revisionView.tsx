import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { api } from '../../../api/api';
import { isMissing } from '../../../api/apiError';
import { useLoaded } from '../../../frame/dialogs/loaded';
import { strings } from '../../../language';
import { moreWords } from '../../../language/moreWords';
import { GamePicture } from '../../projects/gamePicture';
import { historyServer, type Revision, type RevisionFile } from './historyServer';
import { type DiffLine, lineDiff, type Skipped } from './lineDiff';
import { formatTime, reasonOf } from './revisionWords';

interface RevisionViewProps {
  project: string;
  revision: Revision;
  onBack(): void;
  /** Restores everything, or the file. */
  onRestore(path?: string): void;
}

/** Shows the files of a revision, and how each of them differs from what the game has now. */
export function RevisionView({ project, revision, onBack, onRestore }: RevisionViewProps): JSX.Element {
  const words = moreWords().history;
  const [details] = useLoaded(() => historyServer.read(project, revision.number));
  const { value } = details;
  const back = useRef<HTMLButtonElement>(null);
  // The button that was pressed is gone.
  useLayoutEffect(() => back.current?.focus(), []);
  const files = value.state === 'there' ? value.value.files : [];
  const isSame = value.state === 'there' && files.every(({ state }) => state === 'same');
  return (
    <>
      <div class="row">
        <button type="button" class="soft-button" data-testid="history-back" ref={back} onClick={onBack}>
          {words.back}
        </button>
      </div>
      <h3>{`${reasonOf(revision)} · ${formatTime(revision.createdAt)}`}</h3>
      {revision.picture != null && <GamePicture address={`/api/projects/${project}`} picture={revision.picture} alt={words.picture} />}
      {value.state === 'failed' && <p class="account-refusal">{value.message}</p>}
      {value.state === 'loading' && <p class="soft">{strings.files.loading}</p>}
      {isSame && <p class="soft">{words.same}</p>}
      <ul class="revision-files">
        {files.map((file) => (
          <FileRow key={file.path} project={project} number={revision.number} file={file} onRestore={() => onRestore(file.path)} />
        ))}
      </ul>
      {value.state === 'there' && !isSame && (
        <div class="row history-foot">
          <button type="button" class="run-button" data-testid="history-restore" onClick={() => onRestore()}>
            {words.restoreAll}
          </button>
        </div>
      )}
    </>
  );
}

interface FileRowProps {
  project: string;
  number: number;
  file: RevisionFile;
  onRestore(): void;
}

function FileRow({ project, number, file: { path, state, binary }, onRestore }: FileRowProps): JSX.Element {
  const words = moreWords().history;
  const open = useSignal(false);
  const differs = state === 'changed' || state === 'gone';
  return (
    <li class={`revision-file ${state}`} data-testid={`revision-file:${path}`} data-state={state}>
      <div class="revision-file-head">
        <span class="trash-name">
          <strong>{path}</strong>
          <span class="soft">{words.states[state] ?? state}</span>
        </span>
        {!binary && state !== 'same' && (
          <button
            type="button"
            class="soft-button"
            aria-expanded={open.value}
            aria-label={words.show(path)}
            onClick={() => {
              open.value = !open.value;
            }}
          >
            {words.showShort}
          </button>
        )}
        {differs && (
          <button type="button" class="soft-button" aria-label={words.restoreFile(path)} onClick={onRestore}>
            {words.restoreShort}
          </button>
        )}
      </div>
      {open.value && <Difference project={project} number={number} path={path} />}
    </li>
  );
}

/** Shows the lines of a file that differ between then and now. */
function Difference({ project, number, path }: Pick<FileRowProps, 'project' | 'number'> & { path: string }): JSX.Element {
  const [lines] = useLoaded(async () => {
    const [past, now] = await Promise.all([
      textOrNothing(historyServer.text(project, number, path)),
      textOrNothing(api.readStored(project, path).then(({ text }) => text)),
    ]);
    return lineDiff(past, now);
  });
  const { value } = lines;
  if (value.state === 'loading') return <p class="soft">{strings.files.loading}</p>;
  if (value.state === 'failed') return <p class="account-refusal">{value.message}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so from the keyboard.
    <div class="difference" role="region" aria-label={path} tabIndex={0} data-testid={`difference:${path}`}>
      {value.value.map((line, at) => (
        <Line key={at} line={line} />
      ))}
    </div>
  );
}

function Line({ line }: { line: DiffLine | Skipped }): JSX.Element {
  const words = moreWords().history;
  if (line.kind === 'skipped') return <div class="skipped">{words.skipped(line.lines)}</div>;
  const when = { past: words.past, now: words.now, both: '' }[line.kind];
  return (
    <div class={`line ${line.kind}`}>
      <span class="when">{when}</span>
      <code>{line.text}</code>
    </div>
  );
}

/** A file that is not there has no lines. */
async function textOrNothing(text: Promise<string>): Promise<string> {
  try {
    return await text;
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}
