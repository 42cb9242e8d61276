import { ApiError } from '../../api/apiError';
import { attempt } from '../../frame/attempt';
import { isSamePerson, personChanged } from '../../frame/person';
import { toast } from '../../frame/toasts';
import { openKeysDialog } from '../../frame/withDialogs';
import { strings } from '../../language';
import type { Studio } from './studio';

/** Follows the browser's window while the studio is open: keys, visibility, connection. Returns a function that ends that. */
export function listenToPage(studio: Studio): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const { workspace, runs } = studio;
  addEventListener('keydown', (event) => onKey(studio, event), { signal, capture: true });
  addEventListener(
    'online',
    () => {
      workspace.saver.retryNow();
      studio.game.player.reconnect();
    },
    { signal },
  );
  addEventListener(
    'beforeunload',
    (event) => {
      // A game may use Ctrl and W, and no page can keep the browser from closing the window then. So the browser asks.
      if (runs.state === 'playing' && studio.input.holdsCtrl) event.preventDefault();
      if (studio.fileActions.isUploading) event.preventDefault();
      if (!workspace.saver.pending) return;
      void workspace.saver.flush().catch(() => undefined);
      event.preventDefault();
    },
    { signal },
  );
  addEventListener(
    'pagehide',
    (event) => {
      workspace.keepDrafts();
      studio.input.letGo();
      runs.leavePage(event.persisted);
    },
    { signal },
  );
  addEventListener(
    'pageshow',
    (event) => {
      if (event.persisted) studio.game.returned();
    },
    { signal },
  );
  document.addEventListener('visibilitychange', () => onVisibility(studio), { signal });
  document.addEventListener('fullscreenchange', () => onFullscreen(studio), { signal });
  return () => listening.abort();
}

function onVisibility(studio: Studio): void {
  const { workspace } = studio;
  studio.game.setRate();
  if (!document.hidden) {
    const { opened } = workspace;
    workspace
      .catchUp()
      .catch((error: unknown) => void onNothingThere(error, () => opened === workspace.opened && workspace.offerProject()));
    return;
  }
  // A phone may never return to this page.
  workspace.keepDrafts();
  if (workspace.saver.pending) void workspace.saver.flush().catch(() => undefined);
}

/** Handles a project that the server no longer shows: the browser has another account now, or another window has deleted the project. */
async function onNothingThere(error: unknown, offerProject: () => void): Promise<void> {
  if (!(error instanceof ApiError)) return;
  const somebodyElse = error.status === 404 && !(await isSamePerson().catch(() => true));
  if (somebodyElse || error.status === 401) personChanged.value = true;
  else if (error.status === 404) offerProject();
}

function onFullscreen(studio: Studio): void {
  if (document.fullscreenElement === null) return;
  // If the browser allows it, a single Escape goes to the game in full screen, too, and so do Ctrl+W, Ctrl+N and Ctrl+T.
  const { keyboard } = navigator as Navigator & { keyboard?: { lock?(keys: string[]): Promise<void> } };
  void keyboard?.lock?.(['Escape', 'KeyW', 'KeyN', 'KeyT']).catch(() => undefined);
  if (studio.runs.state === 'playing') studio.focusGame();
}

function onKey(studio: Studio, event: KeyboardEvent): void {
  const command = event.ctrlKey || event.metaKey;
  const act = (action: () => void): void => {
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) action();
  };
  const playsNow = studio.runs.state === 'playing' && studio.gameHasKeyboard;
  if (command && event.key === 'Enter') act(() => studio.run());
  else if (command && event.key === '.') act(() => studio.stop());
  // A game may use Ctrl and letters; the code is saved by itself.
  else if (command && !event.shiftKey && event.key.toLowerCase() === 's' && !playsNow) act(() => void onSaveKey(studio));
  // By its place on the keyboard: with Alt, some keyboards type a sign.
  else if (event.altKey && !command && !event.shiftKey && event.code === 'KeyW' && !playsNow) act(() => void closeFile(studio));
  else if (event.key === 'F11' && !command) act(() => void studio.toggleFullscreen());
  else if (event.key === '?' && (!isTyping(event) || studio.gameHasKeyboard) && !playsNow) act(openKeysDialog);
}

async function closeFile({ workspace }: Studio): Promise<void> {
  const path = workspace.openPath.value;
  if (path !== undefined) await attempt(workspace.tabs.close(path));
}

async function onSaveKey({ workspace: { saver } }: Studio): Promise<void> {
  try {
    if (saver.pending) await saver.flush();
    toast(strings.saved.already, { kind: 'good', key: 'save' });
  } catch {
    // The autosave shows the reason.
  }
}

function isTyping(event: Event): boolean {
  const target = event.composedPath()[0];
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)
  );
}
