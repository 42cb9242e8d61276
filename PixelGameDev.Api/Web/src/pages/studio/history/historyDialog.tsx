import '../../../styles/history.css';
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { messageOf } from '../../../frame/attempt';
import { openDialog } from '../../../frame/dialogs';
import { Icon } from '../../../frame/icons';
import { language } from '../../../language';
import { formatAgo } from '../../../language/format';
import { loadMoreWords, moreWords } from '../../../language/moreWords';
import { GamePicture } from '../../projects/gamePicture';
import type { OpenProject } from '../project/openProject';
import type { Workspace } from '../workspace';
import { HistoryModel } from './historyModel';
import { historyServer, type Revision } from './historyServer';
import { RevisionView } from './revisionView';
import { formatTime, reasonOf } from './revisionWords';

/** Shows the earlier states of the open game: when, why, what was different. One of them, or one of its files, can be brought back. */
export async function openHistoryDialog(workspace: Workspace, opened: OpenProject): Promise<void> {
  await loadMoreWords(language());
  const model = new HistoryModel(workspace, opened);
  openDialog({
    title: () => moreWords().history.title,
    testId: 'history-dialog',
    content: (close) => <History model={model} close={close} />,
  });
}

interface HistoryProps {
  model: HistoryModel;
  close(): void;
}

function History({ model, close }: HistoryProps): JSX.Element {
  const words = moreWords().history;
  const revisions = useSignal<readonly Revision[] | undefined>(undefined);
  const first = useSignal<number | undefined>(undefined);
  const chosen = useSignal<Revision | undefined>(undefined);
  const problem = useSignal('');
  const act = (action: Promise<unknown>, then?: () => void): void => {
    problem.value = '';
    action.then(then, (error: unknown) => {
      problem.value = messageOf(error);
    });
  };
  const load = async (): Promise<void> => {
    // The server compares with what it has, so everything typed is sent first. A refusal is shown elsewhere, and is no reason to show nothing.
    if (revisions.value === undefined) await model.opened.saver.flush().catch(() => undefined);
    const answer = await historyServer.list(model.opened.id, revisions.value?.at(-1)?.number);
    revisions.value = [...(revisions.value ?? []), ...answer.revisions];
    first.value = answer.first ?? undefined;
  };
  useEffect(() => act(load()), []);
  const restore = (number: number, path?: string): void => act(model.restore(number, path), close);
  const list = revisions.value;
  return (
    <div class="history">
      <p class="account-refusal" role="alert">
        {problem.value}
      </p>
      {chosen.value === undefined ? (
        <>
          <p class="soft" data-testid={list?.length === 0 ? 'history-empty' : undefined}>
            {list?.length === 0 ? words.empty : words.hint}
          </p>
          <ol class="revisions">
            {list?.map((revision) => (
              <RevisionItem
                key={revision.number}
                project={model.opened.id}
                revision={revision}
                onChoose={() => {
                  chosen.value = revision;
                }}
              />
            ))}
          </ol>
          <div class="row history-foot">
            {list !== undefined && first.value !== undefined && list.at(-1)!.number > first.value && (
              <button type="button" class="soft-button" data-testid="history-older" onClick={() => act(load())}>
                {words.older}
              </button>
            )}
            {first.value !== undefined && (
              <button type="button" class="soft-button" data-testid="history-first" onClick={() => restore(first.value!)}>
                <Icon name="restart" />
                {words.restoreFirst}
              </button>
            )}
          </div>
        </>
      ) : (
        <RevisionView
          project={model.opened.id}
          revision={chosen.value}
          onBack={() => {
            problem.value = '';
            chosen.value = undefined;
          }}
          onRestore={(path) => restore(chosen.value!.number, path)}
        />
      )}
    </div>
  );
}

function RevisionItem({ project, revision, onChoose }: { project: string; revision: Revision; onChoose(): void }): JSX.Element {
  const words = moreWords().history;
  const { changed, changedCount, createdAt, number, picture } = revision;
  return (
    <li>
      <button type="button" class="revision" data-testid={`revision:${number}`} data-reason={revision.reason} onClick={onChoose}>
        <GamePicture address={`/api/projects/${project}`} picture={picture} alt={words.picture} />
        <strong>{reasonOf(revision)}</strong>
        <time dateTime={createdAt} title={formatAgo(createdAt)}>
          {formatTime(createdAt)}
        </time>
        {changed[0] !== undefined && <span class="soft">{words.changed(changed[0], changedCount - 1)}</span>}
      </button>
    </li>
  );
}
