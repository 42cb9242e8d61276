import '../../../styles/share.css';
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Link } from '../../../api/types';
import { messageOf } from '../../../frame/attempt';
import { openDialog } from '../../../frame/dialogs';
import { useLoaded } from '../../../frame/dialogs/loaded';
import { later } from '../../../frame/later';
import { toast } from '../../../frame/toasts';
import { language, strings } from '../../../language';
import { loadGalleryWords } from '../../../language/galleryWords';
import { loadMoreWords, moreWords } from '../../../language/moreWords';
import { loadReportWords, reportWords } from '../../../language/reportWords';
import { TakenDown } from '../../report/takenDown';
import type { OpenProject } from '../project/openProject';
import { Choice } from './choice';
import { LinkEnd } from './linkEnd';
import { LinkRow } from './linkRow';
import { publishServer } from './publishServer';
import { type LinkChange, type NewLink, shareServer } from './shareServer';

const PublishPart = later(() => import('./publishPart').then((module) => module.PublishPart));

/** Lets the owner make links to the open game, copy them and take them back. */
export async function openShareDialog(opened: OpenProject): Promise<void> {
  await loadMoreWords(language());
  openDialog({ title: () => moreWords().share.title, testId: 'share-dialog', content: () => <Share opened={opened} /> });
}

function Share({ opened }: { opened: OpenProject }): JSX.Element {
  const words = moreWords().share;
  const [links, load] = useLoaded(() => shareServer.list(opened.id));
  const [publication, loadPublication] = useLoaded(async () => {
    await Promise.all([loadGalleryWords(), loadReportWords()]);
    return await publishServer.read(opened.id);
  });
  const problem = useSignal('');
  const act = (action: Promise<unknown>): void => {
    problem.value = '';
    action.then(load, (error: unknown) => {
      problem.value = messageOf(error);
      // Another window may have taken the link back.
      load();
    });
  };
  // A link shows what the server has, so everything typed is sent first.
  const make = async (link: NewLink): Promise<void> => {
    await opened.saver.flush();
    await shareServer.make(opened.id, link);
  };
  const changeLink = async (link: Link, change: LinkChange): Promise<void> => {
    await opened.saver.flush();
    await shareServer.change(opened.id, link.id, change);
    toast(words.changed, { kind: 'good', key: 'share' });
  };
  const { value } = links;
  const shown = publication.value;
  const takenDown = shown.state === 'there' ? shown.value.takenDown : null;
  if (shown.state === 'loading') return <p class="soft">{strings.files.loading}</p>;
  return (
    <>
      {takenDown != null ? (
        <TakenDown state={takenDown} title={reportWords().takenDown.title}>
          <p>{reportWords().takenDown.text}</p>
          <p>{reportWords().takenDown.next}</p>
        </TakenDown>
      ) : (
        <>
          <p class="soft">{words.hint}</p>
          <NewLinkForm onMake={(link) => act(make(link))} />
        </>
      )}
      <p class="account-refusal" role="alert">
        {value.state === 'failed' ? value.message : problem.value}
      </p>
      {value.state === 'there' && (
        <ul class="share-list" aria-label={words.links}>
          {value.value
            .filter(({ published }) => published !== true)
            .map((link) => (
              <LinkRow
                key={link.id}
                link={link}
                isClosed={takenDown != null}
                onChange={(change) => act(changeLink(link, change))}
                onRevoke={() => act(shareServer.revoke(opened.id, link.id))}
              />
            ))}
        </ul>
      )}
      {shown.state === 'there' && takenDown == null && <PublishPart opened={opened} state={shown.value} onChange={loadPublication} />}
    </>
  );
}

function NewLinkForm({ onMake }: { onMake(link: NewLink): void }): JSX.Element {
  const words = moreWords().share;
  const withCode = useSignal(false);
  const pinned = useSignal(false);
  const days = useSignal<number | undefined>(undefined);
  return (
    <form
      class="share-form"
      onSubmit={(event) => {
        event.preventDefault();
        onMake({ withCode: withCode.value, pinned: pinned.value, days: days.value });
      }}
    >
      <Choice legend={words.what} name="code" chosen={withCode} no={words.playOnly} yes={words.withCode} />
      <Choice legend={words.version} name="version" chosen={pinned} no={words.newest} yes={words.thisVersion} />
      <LinkEnd days={days} first={words.never} testId="share-end" />
      <button type="submit" class="run-button" data-testid="share-make">
        {words.make}
      </button>
    </form>
  );
}
