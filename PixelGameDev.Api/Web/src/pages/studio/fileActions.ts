import { api } from '../../api/api';
import { attempt, messageOf } from '../../frame/attempt';
import { toast } from '../../frame/toasts';
import { withDialogs } from '../../frame/withDialogs';
import { strings } from '../../language';
import { cleanFileName, isOfficeFile } from './project/fileKinds';
import type { OpenProject } from './project/openProject';
import type { LocalFile, StoredUpload } from './project/uploads';
import type { Workspace } from './workspace';

/** Holds the person's actions on the files of the open project. */
export class FileActions {
  private uploading: Promise<void> = Promise.resolve();
  private uploadsLeft = 0;

  constructor(
    private readonly workspace: Workspace,
    private readonly openProject: (id: string) => void,
  ) {}

  /** Whether files are on their way to the server. They are lost if the page is left. */
  get isUploading(): boolean {
    return this.uploadsLeft > 0;
  }

  /** Makes a file with the typed name. Returns false, and shows the reason, if the name does not work. */
  async add(typed: string): Promise<boolean> {
    const { workspace } = this;
    const { opened } = workspace;
    let name = cleanFileName(typed);
    if (name !== '' && !name.includes('.')) name += '.py';
    if (name === '' || opened === undefined) return true;
    return await this.attemptName(async () => {
      if (opened.has(name)) throw new Error(strings.files.exists(name));
      const path = await opened.create(name, '');
      if (opened !== workspace.opened) return;
      await workspace.open(path);
      if (workspace.isShownAsCode(path)) workspace.focus();
    });
  }

  /** Renames a file to the typed name. Returns false, and shows the reason, if the name does not work. */
  async rename(path: string, typed: string): Promise<boolean> {
    const { workspace } = this;
    const { opened } = workspace;
    let to = cleanFileName(typed);
    if (to !== '' && !to.includes('.') && path.includes('.')) to += path.slice(path.lastIndexOf('.'));
    if (to === '' || to === path || opened === undefined) return true;
    return await this.attemptName(async () => {
      const name = await opened.rename(path, to);
      if (opened === workspace.opened) workspace.tabs.rename(path, name);
      if (opened === workspace.opened && workspace.openPath.value === path) await workspace.open(name);
    });
  }

  /** Deletes a file at once and offers to undo that, so that no question is needed first. */
  async remove(path: string): Promise<void> {
    const { workspace } = this;
    const { opened } = workspace;
    if (opened === undefined) return;
    if (path === opened.project.entry) {
      toast(strings.files.keepEntry(path));
      return;
    }
    const id = await opened.remove(path);
    if (opened === workspace.opened && workspace.openPath.value === path) await workspace.open(opened.project.entry);
    const undo = { label: strings.files.undo, run: () => void attempt(this.restore(opened, id ?? '', path)) };
    toast(strings.files.removed(path), id === undefined ? {} : { key: `trash-${id}`, action: undo });
  }

  openTrash(): void {
    const { opened } = this.workspace;
    if (opened === undefined) return;
    withDialogs((dialogs) =>
      dialogs.openTrashDialog({
        title: () => strings.trash.files,
        empty: () => strings.trash.noFiles,
        testId: 'file-trash-dialog',
        load: async () =>
          (await api.projectTrash(opened.id)).map(({ id, path, reason, deletedAt, expiresAt }) => ({
            id,
            name: path,
            deletedAt,
            expiresAt,
            replaced: reason === 'replaced',
            restore: () => this.restore(opened, id, path),
            removeForGood: async () => {
              await api.removeFile(opened.id, id);
              // There is room again, perhaps for text that was refused.
              opened.saver.retryNow();
            },
          })),
      }),
    );
  }

  /** Shows what the game has saved for this player. */
  openSaved(): void {
    const { opened } = this.workspace;
    if (opened === undefined) return;
    void attempt(import('./files/savedDialog').then(({ openSavedDialog }) => openSavedDialog(opened.id)));
  }

  /** Stores a folder that was chosen: a whole game. */
  uploadFolder(files: File[]): Promise<void> {
    return this.upload(import('./files/uploading').then(({ chosenFolder }) => chosenFolder(files)));
  }

  /** Stores files from the person's own disk, one upload after the other; asks if a name is taken. A zip becomes a game of its own. */
  upload(files: LocalFile[] | Promise<LocalFile[]>): Promise<void> {
    const { opened } = this.workspace;
    if (opened === undefined) return Promise.resolve();
    this.uploadsLeft++;
    this.uploading = this.uploading
      .then(() => attempt(this.take(opened, files)))
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => {
        this.uploadsLeft--;
      });
    return this.uploading;
  }

  /** Lets the game start with another file. */
  async startWith(path: string): Promise<void> {
    const { opened } = this.workspace;
    if (opened === undefined) return;
    await opened.startWith(path);
    toast(strings.files.startsNow(path), { kind: 'good', key: 'entry' });
  }

  private async attemptName(action: () => Promise<void>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      toast(messageOf(error), { kind: 'bad', key: 'name' });
      return false;
    }
  }

  private async restore(opened: OpenProject, trashed: string, path: string): Promise<void> {
    const restored = await opened.restore(trashed, path);
    if (opened !== this.workspace.opened) return;
    toast(strings.trash.restored(restored), { kind: 'good', key: `trash-${trashed}` });
    await this.workspace.open(restored);
  }

  private async take(opened: OpenProject, files: LocalFile[] | Promise<LocalFile[]>): Promise<void> {
    const all = await files;
    const zips = all.filter((file) => file instanceof File && /\.zip$/i.test(file.name)) as File[];
    const others = all.filter((file) => !zips.includes(file as File));
    if (others.length > 0) await this.storeUploads(opened, others);
    if (zips.length > 0) await (await import('./files/zips')).addZips(zips, this.openProject);
  }

  private async storeUploads(opened: OpenProject, files: readonly LocalFile[]): Promise<void> {
    const { askEncoding, askExisting, askOthers, probableStart, storeUploads } = await import('./files/uploading');
    const stored = await storeUploads(opened, files, {
      ask: askExisting,
      askEncoding,
      askOthers,
      onStart: (path) => toast(strings.files.uploading(path), { key: 'upload' }),
      onFailed: (message) => toast(message, { kind: 'bad', time: 8000 }),
    });
    const last = stored.at(-1);
    if (last === undefined || opened !== this.workspace.opened) return;
    const replaced = stored.filter((file) => file.replaced?.text !== undefined || file.replaced?.trashed !== undefined);
    const words = strings.files;
    const start = replaced.length === 0 ? probableStart(stored.map(({ path }) => path)) : undefined;
    const odd = stored.find(({ path }) => isOfficeFile(path));
    const done = stored.length === 1 && replaced.length === 1 ? words.uploadedOver(last.path) : words.uploaded(stored.length, last.path);
    toast(odd === undefined ? done : words.notForGames(odd.path), {
      kind: odd === undefined ? 'good' : 'bad',
      key: 'upload',
      ...((odd !== undefined || start !== undefined) && { time: 12_000 }),
      ...(replaced.length > 0 && { action: { label: words.undo, run: () => void attempt(this.undoUploads(opened, replaced)) } }),
      // A game that came as a folder rarely starts with the file that was here before.
      ...(start !== undefined &&
        start !== opened.project.entry && {
          action: { label: words.startWith(start), run: () => void attempt(this.startWith(start)) },
        }),
    });
    await attempt(this.workspace.open(last.path));
  }

  private async undoUploads(opened: OpenProject, replaced: StoredUpload[]): Promise<void> {
    const { undoReplacement } = await import('./files/uploading');
    for (const upload of replaced) await undoReplacement(opened, upload);
    // A visible picture has changed.
    const { openPath } = this.workspace;
    if (opened === this.workspace.opened && openPath.value !== undefined) await this.workspace.open(openPath.value);
  }
}
