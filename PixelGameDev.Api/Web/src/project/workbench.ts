import type { Editor } from '../editor/editor';
import type { ErrorMark } from '../editor/errorMark';
import { strings } from '../strings';
import { ConflictBar } from '../ui/conflictBar';
import { h } from '../ui/dom';
import { FileList } from '../ui/fileList';
import { preview } from '../ui/preview';
import { attempt, messageOf, toast } from '../ui/toast';
import { type Project, type ProjectFile, ApiError, api, isTransient } from './api';
import { findDrafts, keepDrafts } from './drafts';
import { cleanFileName, kindOf } from './fileKinds';
import { GuardedSave, SaveConflict } from './guardedSave';
import { type SaveState, Saver } from './saver';

/** Bytes of one file that the server takes. */
const maxFileBytes = 5_000_000;

export interface WorkbenchEvents {
  onSaveState(state: SaveState): void;
}

/** Where a project is worked on: its files, the editor, and that nothing typed is ever lost. Knows nothing of playing. */
export class Workbench {
  readonly fileList: FileList;
  private readonly editorHost = h('div', { class: 'editor-host' });
  private readonly previewHost = h('div', { class: 'preview-host', hidden: true });
  private readonly conflict = new ConflictBar((conflict, keepMine) => this.settleConflict(conflict, keepMine));
  /** File list, editor or picture, and the question which of two windows' texts to keep. */
  readonly element: HTMLElement;
  private editor!: Editor;
  private current = this.newSaver();
  private shown: Project | undefined;
  private openPath: string | undefined;
  private opening = 0;
  private mark: { file: string; mark: ErrorMark } | undefined;

  constructor(private readonly events: WorkbenchEvents) {
    this.fileList = new FileList({
      onOpen: (path) => void attempt(this.open(path)),
      onAdd: (name) => this.addFile(name),
      onRename: (path, to) => this.renameFile(path, to),
      onDelete: (path) => void attempt(this.deleteFile(path)),
      onUpload: (files) => void this.upload(files),
    });
    this.element = h('div', { class: 'left' }, this.fileList.element,
      h('main', { class: 'editor' }, this.editorHost, this.previewHost, this.conflict.element));
  }

  /** The open project; undefined until the first one is shown. */
  get project(): Project | undefined {
    return this.shown;
  }

  /** Autosave of the open project. */
  get saver(): Saver {
    return this.current;
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

  /** The open project has gone: what was typed in it has nowhere to go. */
  abandon(): void {
    this.current = this.newSaver();
  }

  /** Another project, with its first file. What was typed in the one before must be stored by now. */
  async show(project: Project): Promise<void> {
    this.shown = project;
    this.current = this.newSaver();
    this.conflict.hide();
    this.editor.clear();
    this.openPath = undefined;
    this.setMark(undefined);
    this.drawFiles();
    const first = project.files.find((file) => file.path === project.entry) ?? project.files[0];
    if (first !== undefined) await this.open(first.path);
    this.restoreDrafts(project);
  }

  /** What is not stored yet is kept in this browser. */
  keepDrafts(): void {
    if (this.project === undefined || !this.saver.pending) return;
    const revisions = new Map(this.project.files.map((file) => [file.path, file.revision]));
    keepDrafts(this.project.id, Object.fromEntries(
      Object.entries(this.saver.drafts).map(([path, text]) => [path, { text, revision: revisions.get(path) ?? 0 }])));
  }

  /** What was typed when the page was closed without a connection comes back; if the file was saved elsewhere since, the person chooses. */
  private restoreDrafts(project: Project): void {
    let restored = false;
    for (const [path, { text, revision }] of Object.entries(findDrafts(project.id))) {
      const file = project.files.find((other) => other.path === path);
      if (file === undefined) continue;
      file.revision = revision;
      this.editor.replace(path, text);
      this.saver.edit(path, text);
      restored = true;
    }
    if (restored) toast(strings.saved.restored, { kind: 'good' });
  }

  private newSaver(): Saver {
    const owner = (): string => this.project!.id;
    const guard = new GuardedSave<ProjectFile>({
      write: (path, text, revision) => api.writeFile(owner(), path, text, revision),
      read: (path) => api.readStored(owner(), path).catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 404) return undefined;
        throw error;
      }),
      isChangedElsewhere: (error) => error instanceof ApiError && error.status === 412,
    }, strings.saved.conflict);
    return new Saver({
      put: async (path, text) => {
        const saved = await guard.put(path, text, this.project?.files.find((file) => file.path === path)?.revision);
        this.noteFile(saved);
        if (this.conflict.path === path) this.conflict.hide();
      },
      isTransient: (error) => !(error instanceof SaveConflict) && isTransient(error),
      onState: (state, error) => {
        this.events.onSaveState(state);
        if (error instanceof SaveConflict) {
          this.conflict.show(error);
          return;
        }
        if (state === 'saved') keepDrafts(owner(), {});
        if (state === 'retrying') toast(strings.saved.retryingNow, { key: 'save' });
        if (state === 'refused') toast(messageOf(error), { kind: 'bad', key: 'save', time: 8000 });
      },
    });
  }

  /** The person has chosen between this window's text and the other's. Neither is lost: the editor's undo holds the one not taken. */
  private settleConflict({ path, theirs }: SaveConflict, keepMine: boolean): void {
    const known = this.project?.files.find((file) => file.path === path);
    const mine = this.saver.unsaved(path);
    if (known === undefined || mine === undefined) return;
    known.revision = theirs.revision;
    if (keepMine) {
      this.saver.edit(path, mine);
      this.saver.flush().then(() => toast(strings.saved.keptMine, { kind: 'good', key: 'save' }), () => undefined);
      return;
    }
    this.editor.exchange(path, theirs.text);
    this.saver.forget(path);
    toast(strings.saved.tookTheirs, { kind: 'good', key: 'save' });
  }

  /** Back at this window: what another one saved meanwhile is shown, unless something typed here waits to be saved. */
  async catchUp(): Promise<void> {
    const { project } = this;
    if (project === undefined || this.saver.pending) return;
    const now = await api.project(project.id);
    for (const file of now.files) {
      const known = project.files.find((other) => other.path === file.path);
      if (known === undefined || known.revision === file.revision || !this.editor.has(file.path)) continue;
      const stored = await api.readStored(project.id, file.path);
      if (project !== this.project || this.saver.pending) return;
      this.editor.exchange(file.path, stored.text);
      this.saver.forget(file.path);
      known.revision = stored.revision;
    }
    if (project !== this.project || this.saver.pending) return;
    project.files = now.files;
    project.entry = now.entry;
    this.drawFiles();
  }

  private onEdit(path: string, text: string): void {
    this.saver.edit(path, text);
    if (this.mark?.file === path) this.setMark(undefined);
  }

  private drawFiles(): void {
    if (this.project !== undefined) this.fileList.show(this.project.files, this.project.entry);
    this.fileList.select(this.openPath);
  }

  private noteFile(file: ProjectFile): void {
    const { project } = this;
    if (project === undefined) return;
    const known = project.files.find((other) => other.path === file.path);
    if (known !== undefined) {
      known.size = file.size;
      known.binary = file.binary;
      known.revision = file.revision;
      return;
    }
    project.files.push(file);
    this.drawFiles();
  }

  private isShownAsCode(path: string): boolean {
    const kind = kindOf(path);
    const file = this.project?.files.find((other) => other.path === path);
    return kind === 'python' || kind === 'text' || (kind === 'other' && file?.binary === false);
  }

  private async open(path: string): Promise<void> {
    const { project } = this;
    if (project === undefined) return;
    const turn = ++this.opening;
    if (this.isShownAsCode(path)) {
      const text = this.editor.has(path) ? '' : await api.readText(project.id, path);
      if (turn !== this.opening || project !== this.project) return;
      this.previewHost.hidden = true;
      this.previewHost.replaceChildren();
      this.editorHost.hidden = false;
      this.editor.show(path, text);
      if (this.mark?.file === path) this.editor.mark(path, this.mark.mark);
    } else {
      this.editorHost.hidden = true;
      this.previewHost.hidden = false;
      const file = project.files.find((other) => other.path === path);
      this.previewHost.replaceChildren(preview(path, `${api.fileUrl(project.id, path)}?v=${file?.size ?? 0}-${turn}`));
    }
    this.openPath = path;
    this.fileList.select(path);
  }

  /** Whether the project has that file. */
  has(path: string): boolean {
    return this.project?.files.some((file) => file.path === path) ?? false;
  }

  private async addFile(typed: string): Promise<boolean> {
    let name = cleanFileName(typed);
    if (name !== '' && !name.includes('.')) name += '.py';
    if (name === '') return true;
    if (this.has(name)) {
      toast(strings.files.exists(name), { kind: 'bad', key: 'name' });
      return false;
    }
    try {
      this.noteFile(await api.writeFile(this.project!.id, name, ''));
      await this.open(name);
      if (this.isShownAsCode(name)) this.editor.focus();
      return true;
    } catch (error) {
      toast(messageOf(error), { kind: 'bad', key: 'name' });
      return false;
    }
  }

  private async renameFile(path: string, typed: string): Promise<boolean> {
    const { project } = this;
    if (project === undefined) return true;
    let to = cleanFileName(typed);
    if (to !== '' && !to.includes('.') && path.includes('.')) to += path.slice(path.lastIndexOf('.'));
    if (to === '' || to === path) return true;
    if (this.has(to)) {
      toast(strings.files.exists(to), { kind: 'bad', key: 'name' });
      return false;
    }
    try {
      await this.saver.flush();
      await api.renameFile(project.id, path, to);
      if (project.entry === path) {
        await api.patchProject(project.id, { entry: to });
        project.entry = to;
      }
    } catch (error) {
      toast(messageOf(error), { kind: 'bad', key: 'name' });
      return false;
    }
    for (const file of project.files) if (file.path === path) file.path = to;
    this.editor.rename(path, to);
    const unsaved = this.saver.unsaved(path);
    if (unsaved !== undefined) {
      // Typed while the new name was on its way.
      this.saver.forget(path);
      this.saver.edit(to, unsaved);
    }
    if (this.openPath === path) await this.open(to);
    this.drawFiles();
    return true;
  }

  /** Deletes at once and offers to undo, so that nothing has to ask first. */
  private async deleteFile(path: string): Promise<void> {
    const { project } = this;
    if (project === undefined) return;
    if (path === project.entry) {
      toast(strings.files.keepEntry(path));
      return;
    }
    await this.saver.flush();
    const content = await api.readBytes(project.id, path);
    await api.deleteFile(project.id, path);
    this.saver.forget(path);
    this.editor.forget(path);
    project.files = project.files.filter((file) => file.path !== path);
    if (this.openPath === path) await this.open(project.entry);
    this.drawFiles();
    toast(strings.files.removed(path), {
      action: {
        label: strings.files.undo,
        run: () => void attempt((async () => {
          const saved = await api.writeFile(project.id, path, content);
          if (project !== this.project) return;
          this.noteFile(saved);
          await this.open(path);
        })()),
      },
    });
  }

  /** Stores pictures, sounds and code from the person's own disk, one after the other. */
  async upload(files: File[]): Promise<void> {
    const { project } = this;
    if (project === undefined || files.length === 0) return;
    const stored: string[] = [];
    for (const file of files) {
      const path = cleanFileName(file.name);
      if (path === '') continue;
      if (file.size > maxFileBytes) {
        toast(strings.files.tooBig(file.name), { kind: 'bad' });
        continue;
      }
      toast(strings.files.uploading(path), { key: 'upload' });
      try {
        this.saver.forget(path);
        const saved = await api.writeFile(project.id, path, await file.arrayBuffer());
        if (project !== this.project) return;
        this.editor.forget(path);
        this.noteFile(saved);
        stored.push(path);
      } catch (error) {
        toast(messageOf(error), { kind: 'bad' });
      }
    }
    if (stored.length === 0) return;
    toast(strings.files.uploaded(stored.length, stored[0]!), { kind: 'good', key: 'upload' });
    await attempt(this.open(stored.at(-1)!));
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
