import type { Editor } from '../editor/editor';
import type { ErrorMark } from '../editor/errorMark';
import { strings } from '../strings';
import { ConflictBar } from '../ui/conflictBar';
import { h } from '../ui/dom';
import { askExisting } from '../ui/existingSheet';
import { FileList } from '../ui/fileList';
import { preview } from '../ui/preview';
import { attempt, messageOf, toast } from '../ui/toast';
import { openTrashSheet } from '../ui/trashSheet';
import { ApiError, api, isMissing, isTransient, type Project } from './api';
import { DraftDesk } from './draftDesk';
import { cleanFileName, kindOf } from './fileKinds';
import { SaveConflict } from './guardedSave';
import { OpenProject } from './openProject';
import { Saver, type SaveState } from './saver';
import { type StoredUpload, storeUploads, undoReplacement } from './uploads';

export interface WorkbenchEvents {
  /** `reason` is a sentence that says why something is not saved. */
  onSaveState(state: SaveState, reason?: string): void;
}

/** Where a project is worked on: its files, the editor, and that nothing typed is ever lost. Knows nothing of playing. */
export class Workbench {
  readonly fileList: FileList;
  private readonly editorHost = h('div', { class: 'editor-host' });
  private readonly previewHost = h('div', { class: 'preview-host', hidden: true });
  private readonly conflict = new ConflictBar((conflict, keepMine) => this.resolveConflict(conflict, keepMine));
  private readonly drafts = new DraftDesk(async (opened, path) => {
    if (opened === this.opened) await this.open(path);
  });
  /** File list, editor or picture, and the question which of two windows' texts to keep. */
  readonly element: HTMLElement;
  private editor!: Editor;
  private opened: OpenProject | undefined;
  /** Stands in until a project is open; nothing can be typed before. */
  private readonly idle = new Saver({ put: () => Promise.resolve(), isTransient: () => false, onState: () => undefined });
  private openPath: string | undefined;
  private opening = 0;
  private uploading: Promise<void> = Promise.resolve();
  private mark: { file: string; mark: ErrorMark } | undefined;

  constructor(private readonly events: WorkbenchEvents) {
    this.fileList = new FileList({
      onOpen: (path) => void attempt(this.open(path)),
      onAdd: (name) => this.addFile(name),
      onRename: (path, to) => this.renameFile(path, to),
      onDelete: (path) => void attempt(this.deleteFile(path)),
      onUpload: (files) => void this.upload(files),
      onTrash: () => this.openTrash(),
    });
    this.element = h(
      'div',
      { class: 'left' },
      this.fileList.element,
      h(
        'main',
        { class: 'editor' },
        this.editorHost,
        this.previewHost,
        h('div', { class: 'questions' }, this.conflict.element, this.drafts.element),
      ),
    );
  }

  /** The open project; undefined until the first one is shown. */
  get project(): Project | undefined {
    return this.opened?.project;
  }

  /** Autosave of the open project. */
  get saver(): Saver {
    return this.opened?.saver ?? this.idle;
  }

  /** Whether code is on view, and not a picture or a sound. */
  get showsCode(): boolean {
    return !this.editorHost.hidden;
  }

  get typing(): boolean {
    return this.editor.focused;
  }

  /** The editor's code arrives after the page; nothing is shown before. */
  equip(make: (host: HTMLElement, onEdit: (path: string, text: string) => void) => Editor): void {
    this.editor = make(this.editorHost, (path, text) => this.onEdit(path, text));
  }

  /** In place of the editor: why there is none. */
  apologize(card: HTMLElement): void {
    this.editorHost.replaceChildren(card);
  }

  focus(): void {
    this.editor.focus();
  }

  /** The editor has another size or has become visible. */
  measure(): void {
    (this.editor as Editor | undefined)?.measure();
  }

  /** Closes the project: what was still to be saved of it is dropped, and nothing of it stays on view. */
  abandon(): void {
    this.opened?.close();
    this.opened = undefined;
    this.drafts.close();
    this.openPath = undefined;
    this.conflict.clear();
    this.editor.clear();
    this.setMark(undefined);
    this.fileList.clear();
  }

  /** Takes no keys in the code while `action` runs: typed between two projects they would belong to neither. */
  async whileLocked(action: () => Promise<void>): Promise<void> {
    const unlock = (this.editor as Editor | undefined)?.lock();
    try {
      await action();
    } finally {
      unlock?.();
    }
  }

  /**
   * Stores what was typed before another project opens. What the server refuses stays in this browser and comes back with the
   * project. Rejects when something can be saved later only.
   */
  async leave(): Promise<void> {
    try {
      await this.saver.flush();
      await this.drafts.sync();
    } catch (error) {
      await this.drafts.sync();
      if (!this.drafts.complete || (!(error instanceof SaveConflict) && isTransient(error))) throw error;
      toast(strings.saved.keptHere, { time: 8000 });
    }
  }

  /** Shows another project, with its first file. What was typed in the one before must be stored by now. */
  async show(project: Project): Promise<void> {
    this.abandon();
    const opened = new OpenProject(project, api, this.editor, {
      onSaveState: (state, error) => this.onSaveState(state, error),
      onConflict: (conflict) => this.conflict.show(conflict),
      onStored: (path) => this.conflict.settle(path),
      onFilesChanged: () => this.drawFiles(),
      onGone: (path) => {
        toast(strings.saved.goneElsewhere(path), { key: `gone-${path}`, time: 8000 });
        if (this.openPath === path) void attempt(this.open(project.entry));
      },
    });
    this.opened = opened;
    this.drafts.open(opened);
    this.drawFiles();
    await this.whileLocked(async () => {
      const restoring = this.drafts.restore();
      try {
        const first = opened.find(project.entry) ?? project.files[0];
        if (first !== undefined) await this.open(first.path);
      } finally {
        await restoring;
      }
    });
  }

  /** Keeps what is not stored yet in this browser, at once. */
  keepDrafts(): void {
    this.drafts.keepNow();
  }

  private onSaveState(state: SaveState, error: unknown): void {
    this.events.onSaveState(state, error === undefined ? undefined : messageOf(error));
    // Kept while the server does not have it, and let go when it does.
    if (state !== 'saving') void this.drafts.sync();
    if (state === 'retrying') {
      const away = !(error instanceof ApiError) || error.status === 0;
      toast(away ? strings.saved.retryingNow : strings.saved.retryingLater(messageOf(error)), { key: 'save' });
    }
    if (state !== 'refused' || error === undefined || error instanceof SaveConflict) return;
    if (isMissing(error)) this.offerProject();
    else toast(strings.saved.refusedKept(messageOf(error)), { kind: 'bad', key: 'save', time: 10_000 });
  }

  /** The project has gone while it was open here: it can come back, and then everything typed is saved. */
  private offerProject(): void {
    const { opened } = this;
    if (opened === undefined) return;
    const bringBack = async (): Promise<void> => {
      await api.restoreProject(opened.id);
      opened.saver.retryNow();
    };
    toast(strings.saved.gameGone, {
      kind: 'bad',
      key: 'save',
      time: 15_000,
      action: { label: strings.saved.bringGameBack, run: () => void attempt(bringBack()) },
    });
  }

  private resolveConflict(conflict: SaveConflict, keepMine: boolean): void {
    const { opened } = this;
    if (opened === undefined) return;
    const { path } = conflict;
    const mine = opened.saver.unsaved(path) ?? conflict.mine;
    opened.resolve(conflict, keepMine);
    toast(keepMine ? strings.saved.keptMine : strings.saved.tookTheirs, {
      kind: 'good',
      key: 'save',
      action: { label: strings.files.undo, run: () => opened.bringBackText(path, keepMine ? conflict.theirs.text : mine) },
    });
  }

  /** Back at this window: what another one saved meanwhile is shown, unless something typed here waits to be saved. */
  async catchUp(): Promise<void> {
    const { opened } = this;
    try {
      await opened?.refresh();
    } catch (error) {
      if (!isMissing(error) || opened !== this.opened) throw error;
      this.offerProject();
    }
  }

  private onEdit(path: string, text: string): void {
    this.opened?.edit(path, text);
    this.drafts.touch();
    if (this.mark?.file === path) this.setMark(undefined);
  }

  private drawFiles(): void {
    if (this.project !== undefined) this.fileList.show(this.project.files, this.project.entry);
    this.fileList.select(this.openPath);
  }

  private isShownAsCode(path: string): boolean {
    const kind = kindOf(path);
    const file = this.project?.files.find((other) => other.path === path);
    return kind === 'python' || kind === 'text' || (kind === 'other' && file?.binary === false);
  }

  private async open(path: string): Promise<void> {
    const { opened } = this;
    if (opened === undefined) return;
    const { project } = opened;
    const turn = ++this.opening;
    if (this.isShownAsCode(path)) {
      const text = this.editor.has(path) ? '' : await opened.load(path);
      if (turn !== this.opening || opened !== this.opened) return;
      this.previewHost.hidden = true;
      this.previewHost.replaceChildren();
      this.editorHost.hidden = false;
      this.editor.show(path, text);
      if (this.mark?.file === path) this.editor.mark(path, this.mark.mark);
    } else {
      this.editorHost.hidden = true;
      this.previewHost.hidden = false;
      const file = project.files.find((other) => other.path === path);
      this.previewHost.replaceChildren(preview(path, `${api.fileUrl(project.id, path)}?v=${file?.revision ?? 0}-${turn}`));
    }
    this.openPath = path;
    this.fileList.select(path);
  }

  /** Whether the project has that file. */
  has(path: string): boolean {
    return this.opened?.has(path) ?? false;
  }

  private async addFile(typed: string): Promise<boolean> {
    const { opened } = this;
    let name = cleanFileName(typed);
    if (name !== '' && !name.includes('.')) name += '.py';
    if (name === '' || opened === undefined) return true;
    return await this.attemptName(async () => {
      if (opened.has(name)) throw new Error(strings.files.exists(name));
      const path = await opened.create(name, '');
      if (opened !== this.opened) return;
      await this.open(path);
      if (this.isShownAsCode(path)) this.editor.focus();
    });
  }

  private async renameFile(path: string, typed: string): Promise<boolean> {
    const { opened } = this;
    let to = cleanFileName(typed);
    if (to !== '' && !to.includes('.') && path.includes('.')) to += path.slice(path.lastIndexOf('.'));
    if (to === '' || to === path || opened === undefined) return true;
    return await this.attemptName(async () => {
      const name = await opened.rename(path, to);
      if (opened === this.opened && this.openPath === path) await this.open(name);
    });
  }

  /** False, with the reason on the page, when a name does not work: the field stays open. */
  private async attemptName(action: () => Promise<void>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      toast(messageOf(error), { kind: 'bad', key: 'name' });
      return false;
    }
  }

  /** Deletes at once and offers to undo, so that nothing has to ask first. */
  private async deleteFile(path: string): Promise<void> {
    const { opened } = this;
    if (opened === undefined) return;
    if (path === opened.project.entry) {
      toast(strings.files.keepEntry(path));
      return;
    }
    const id = await opened.remove(path);
    if (opened === this.opened && this.openPath === path) await this.open(opened.project.entry);
    toast(
      strings.files.removed(path),
      id === undefined
        ? {}
        : {
            key: `trash-${id}`,
            action: { label: strings.files.undo, run: () => void attempt(this.restoreFile(opened, id, path)) },
          },
    );
  }

  private async restoreFile(opened: OpenProject, trashed: string, path: string): Promise<void> {
    const restored = await opened.restore(trashed, path);
    if (opened !== this.opened) return;
    toast(strings.trash.restored(restored), { kind: 'good', key: `trash-${trashed}` });
    await this.open(restored);
  }

  private openTrash(): void {
    const { opened } = this;
    if (opened === undefined) return;
    openTrashSheet({
      title: strings.trash.files,
      empty: strings.trash.noFiles,
      testId: 'file-trash-sheet',
      load: async () =>
        (await api.projectTrash(opened.id)).map(({ id, path, reason, deletedAt, expiresAt }) => ({
          name: path,
          deletedAt,
          expiresAt,
          replaced: reason === 'replaced',
          restore: () => this.restoreFile(opened, id, path),
          removeForGood: async () => {
            await api.removeFile(opened.id, id);
            // There is room again, perhaps for what was refused.
            opened.saver.retryNow();
          },
        })),
    });
  }

  /** Stores files from the person's own disk, one upload after the other; asks where a name is taken. */
  upload(files: File[]): Promise<void> {
    const { opened } = this;
    if (opened === undefined || files.length === 0) return Promise.resolve();
    this.uploading = this.uploading.then(() => this.storeUploads(opened, files)).catch(() => undefined);
    return this.uploading;
  }

  private async storeUploads(opened: OpenProject, files: File[]): Promise<void> {
    const stored = await storeUploads(opened, files, {
      ask: askExisting,
      onStart: (path) => toast(strings.files.uploading(path), { key: 'upload' }),
      onFailed: (message) => toast(message, { kind: 'bad', time: 8000 }),
    });
    const last = stored.at(-1);
    if (last === undefined || opened !== this.opened) return;
    const replaced = stored.filter((file) => file.replaced?.text !== undefined || file.replaced?.trashed !== undefined);
    const text =
      stored.length === 1 && replaced.length === 1
        ? strings.files.uploadedOver(last.path)
        : strings.files.uploaded(stored.length, last.path);
    toast(text, {
      kind: 'good',
      key: 'upload',
      ...(replaced.length > 0 && { action: { label: strings.files.undo, run: () => void attempt(this.undoUploads(opened, replaced)) } }),
    });
    await attempt(this.open(last.path));
  }

  private async undoUploads(opened: OpenProject, replaced: StoredUpload[]): Promise<void> {
    for (const upload of replaced) await undoReplacement(opened, upload);
    // A picture on view is another one now.
    if (opened === this.opened && this.openPath !== undefined) await this.open(this.openPath);
  }

  /** Shows a place in a file, if the project has it. */
  async jump(file: string, line: number, column?: number): Promise<void> {
    if (!this.has(file)) return;
    if (this.openPath !== file) await this.open(file);
    this.editor.goTo(line, column);
  }

  /** Marks the line where the game broke, in the file and in the list; undefined: none. */
  setMark(mark: { file: string; mark: ErrorMark } | undefined): void {
    this.mark = mark;
    this.fileList.markError(mark?.file);
    this.editor.clearMarks();
    if (mark !== undefined) this.editor.mark(mark.file, mark.mark);
  }
}
