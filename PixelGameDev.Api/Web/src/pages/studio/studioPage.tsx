import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { api } from '../../api/api';
import type { SignIn } from '../../api/types';
import { useAtOnce } from '../../frame/atOnce';
import { DropOverlay } from '../../frame/dropOverlay';
import { later } from '../../frame/later';
import { Mascot } from '../../frame/mascot';
import { tellOtherWindows } from '../../frame/otherWindows';
import { person } from '../../frame/person';
import { Splitter } from '../../frame/splitter';
import { Tabs } from '../../frame/tabs';
import { filesInRow } from '../../frame/view';
import { withDialogs } from '../../frame/withDialogs';
import { strings } from '../../language';
import { NotFoundPage } from '../notFound/notFoundPage';
import { ConsoleView } from './console/consoleView';
import { FileList } from './files/fileList';
import { FileTabs, filePanel, selectedTab } from './files/fileTabs';
import { droppedFiles } from './project/droppedFiles';
import { Stage } from './stage/stage';
import { Studio } from './studio';
import { TopBar } from './topBar';

const Questions = later(() => import('./files/questions').then((module) => module.Questions));
const Preview = later(() => import('./files/preview').then((module) => module.Preview));

/** Draws the studio: write a game and play it. `project` is the id of an address; without one, the last game is opened. */
export default function StudioPage({ project }: { project?: string }): JSX.Element {
  const studio = useMemo(() => new Studio(), []);
  const app = useRef<HTMLDivElement>(null);
  // On a phone the game is hidden until its tab is shown, and a hidden element takes no keyboard.
  useAtOnce(studio.tab, (tab) => {
    if (app.current !== null) app.current.dataset['tab'] = tab;
  });
  useLayoutEffect(() => studio.start(project), []);
  useLayoutEffect(() => {
    const { text } = studio.projectName.value;
    if (text !== '') document.title = `${text} · ${strings.title}`;
  }, [studio.projectName.value]);
  if (studio.missing.value) return <MissingGame studio={studio} />;
  const words = strings.tabs;
  return (
    <>
      <div class="app" ref={app}>
        <TopBar studio={studio} />
        <main class="work">
          <div class={filesInRow.value ? 'left strip' : 'left'}>
            <FileList key={studio.workspace.projectId.value} studio={studio} />
            <div class="code-area">
              <FileTabs workspace={studio.workspace} />
              <EditorArea studio={studio} />
            </div>
          </div>
          <Splitter kind="columns" label={strings.splitters.columns} variable="--split-columns" initial={50} min={25} max={75} />
          <div class="right">
            <Stage studio={studio} />
            <Splitter kind="rows" label={strings.splitters.rows} variable="--split-rows" initial={initialRows()} min={25} max={90} />
            <ConsoleView studio={studio} />
          </div>
        </main>
        <Tabs
          label={words.label}
          tabs={[
            { name: 'code', icon: 'code', label: words.code },
            { name: 'play', icon: 'play', label: words.play },
            { name: 'console', icon: 'console', label: words.console, news: studio.console.unseen.value ? words.news : undefined },
          ]}
          selected={studio.tab}
          onSelect={(tab) => studio.showTab(tab)}
        />
      </div>
      <DropOverlay hint={strings.files.drop} onDrop={(data) => void studio.fileActions.upload(droppedFiles(data))} />
    </>
  );
}

/** Draws the code, or a picture or sound instead, with the questions about texts below. */
function EditorArea({ studio }: { studio: Studio }): JSX.Element {
  const { workspace } = studio;
  const host = useRef<HTMLDivElement>(null);
  const preview = workspace.preview.value;
  const error = workspace.loadError.value;
  const tab = selectedTab(workspace);
  const asks = workspace.conflicts.all.value.length > 0 || workspace.drafts.offers.value.length > 0;
  useLayoutEffect(() => studio.attachEditorHost(host.current!), []);
  return (
    <section
      class="editor"
      id={filePanel}
      role={tab === undefined ? undefined : 'tabpanel'}
      aria-label={tab === undefined ? strings.tabs.code : undefined}
      aria-labelledby={tab}
    >
      <div class="editor-host" hidden={workspace.showsPreview} ref={host} />
      {error !== undefined && <LoadError reason={error} />}
      <div class="preview-host" hidden={preview === undefined}>
        {preview !== undefined && <Preview key={preview.url} {...preview} />}
      </div>
      {asks && <Questions workspace={workspace} />}
    </section>
  );
}

/** Replaces the editor and says why there is none. */
function LoadError({ reason }: { reason: string }): JSX.Element {
  return (
    <div class="load-error">
      <Mascot mood="oops" />
      <h3>{strings.errors.loading}</h3>
      <p>{reason}</p>
      <button type="button" class="soft-button" onClick={() => location.reload()}>
        {strings.errors.tryAgain}
      </button>
    </div>
  );
}

/** Shown if the address names a game of another account; perhaps the person has to sign in. */
function MissingGame({ studio }: { studio: Studio }): JSX.Element {
  const signIn = async (how: SignIn): Promise<void> => {
    await api.signIn(how);
    tellOtherWindows();
    // The address stays.
    location.reload();
  };
  const openPage = async (address: string): Promise<void> => location.assign(address);
  return (
    <NotFoundPage what="game">
      {person.value?.guest && (
        <button
          type="button"
          class="soft-button"
          data-testid="not-found-sign-in"
          onClick={() => withDialogs((dialogs) => dialogs.openAccountDialog('signIn', { signUp: studio.menu.signUp, signIn, openPage }))}
        >
          {strings.notFound.signIn}
        </button>
      )}
    </NotFoundPage>
  );
}

/** Returns the game's share of the height, percent: a whole picture of 640 × 480 if it fits, and always some console. */
function initialRows(): number {
  const bars = 60 + 12;
  const aroundPicture = 36 + 44 + 2;
  return Math.min(82, Math.max(60, ((480 + aroundPicture) / (innerHeight - bars)) * 100 + 0.1));
}
