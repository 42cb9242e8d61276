import { isChangedElsewhere, isMissing, isTransient } from '../../../api/apiError';
import type { Project, ProjectFile, StoredText } from '../../../api/types';
import { strings } from '../../../language';
import { catchUp, readText } from './catchUp';
import type { Draft, UnsavedText } from './drafts';
import { FileExists } from './fileExists';
import { freeName } from './fileKinds';
import { SaveConflict } from './guardedSave';
import { ProjectFiles } from './projectFiles';
import type { OpenProjectEvents, ProjectServer, Replaced, TextView } from './projectPorts';
import { Saver } from './saver';
import { type TakenUp, takeUpDrafts } from './takeUpDrafts';
import { TextSaves } from './textSaves';

/**
 * Holds the files of one project while it is open, and saves what is typed in them. It belongs to that project for its whole life:
 * a request that is still pending when another project opens reaches neither the other project nor the editor.
 */
export class OpenProject {
  readonly saver: Saver;
  private readonly files: ProjectFiles;
  private readonly texts: TextSaves;

  constructor(
    readonly project: Project,
    private readonly server: ProjectServer,
    private readonly view: TextView,
    private readonly events: OpenProjectEvents,
    timers: Partial<Pick<ConstructorParameters<typeof Saver>[0], 'delay' | 'setTimer' | 'clearTimer'>> = {},
  ) {
    this.files = new ProjectFiles(project, () => events.onFilesChanged());
    this.texts = new TextSaves({ server, files: this.files, view, events, saver: () => this.saver, read: (path) => this.read(path) });
    this.saver = new Saver({
      ...timers,
      put: (path, text) => this.texts.put(path, text),
      isTransient: (error) => !(error instanceof SaveConflict) && isTransient(error),
      onState: (state, error) => {
        if (error instanceof SaveConflict) this.events.onConflict(error);
        this.events.onSaveState(state, error);
      },
    });
  }

  get id(): string {
    return this.project.id;
  }

  find(path: string): ProjectFile | undefined {
    return this.files.find(path);
  }

  has(path: string): boolean {
    return this.find(path) !== undefined;
  }

  /** Takes a typed text. That does not create a file that is not (or no longer) in the project. */
  edit(path: string, text: string): void {
    if (!this.files.closed && this.has(path)) this.saver.edit(path, text);
  }

  /** Reads a text to show it. Its revision guards the later saves. */
  async load(path: string): Promise<string> {
    const stored = await this.server.readStored(this.id, path);
    const known = this.find(path);
    if (known !== undefined && this.saver.unsaved(path) === undefined) known.revision = stored.revision;
    this.files.remember(path, stored);
    return stored.text;
  }

  /** Stores a file that must be new; rejects with a sentence if it exists already. */
  async create(path: string, content: string | ArrayBuffer): Promise<string> {
    try {
      const saved = await this.server.writeFile(this.id, path, content, 'new');
      this.files.changed();
      this.files.note(saved);
      return saved.path;
    } catch (error) {
      if (!isChangedElsewhere(error)) throw error;
      await this.refresh().catch(() => undefined);
      throw new FileExists(path);
    }
  }

  /** Stores files that must be new: all of them, or none. */
  async createAll(files: readonly { path: string; content: ArrayBuffer }[]): Promise<void> {
    for (const file of await this.server.writeFiles(this.id, files)) this.files.note(file);
  }

  /**
   * Stores a file over the existing one, and shows its text if it has one (`text`); one undo restores the old text.
   * The old file goes into the trash.
   */
  async replace(path: string, content: ArrayBuffer, text: string | undefined): Promise<Replaced> {
    return await this.locked(() => this.replaceLocked(path, content, text));
  }

  private async replaceLocked(path: string, content: ArrayBuffer, text: string | undefined): Promise<Replaced> {
    await this.saver.flushFile(path);
    if (text !== undefined && !this.view.has(path) && this.find(path)?.binary === false) {
      const old = await this.load(path);
      if (!this.files.closed && !this.view.has(path)) this.view.prepare(path, old);
    }
    return await this.saver.hold(() =>
      this.guarded(path, async (revision) => {
        const saved = await this.server.writeFile(this.id, path, content, revision, true);
        const trashed = saved.replaced ?? undefined;
        if (this.files.closed) return {};
        this.files.note(saved);
        const old = this.view.text(path);
        this.saver.forget(path);
        if (text === undefined) this.view.close(path);
        else this.view.replaceWithUndo(path, text);
        return { ...(text !== undefined && old !== undefined && { text: old }), ...(trashed !== undefined && { trashed }) };
      }),
    );
  }

  /**
   * Restores a text that another one has replaced; the current text is one undo away. Returns false if that is no longer possible here:
   * the project has been closed, or the file is gone.
   */
  bringBackText(path: string, text: string): boolean {
    if (this.files.closed || !this.has(path)) return false;
    this.view.replaceWithUndo(path, text);
    this.saver.edit(path, text);
    this.saver.flush().catch(() => undefined);
    return true;
  }

  /** Renames a file and returns its new name. Text, undo history and unsaved text move with it. */
  async rename(path: string, to: string): Promise<string> {
    await this.saver.flushFile(path);
    return await this.saver.hold(() =>
      this.guarded(path, async (revision) => {
        // Another window may have deleted a file of this name whose unsaved text is still here.
        if (this.has(to)) throw new FileExists(to);
        const renamed = await this.server.renameFile(this.id, path, to, revision);
        if (this.files.closed) return renamed.path;
        this.files.changed();
        const file = this.find(path);
        if (file !== undefined) {
          file.path = renamed.path;
          file.revision = renamed.revision;
        }
        if (this.project.entry === path) this.project.entry = renamed.path;
        this.view.rename(path, renamed.path);
        this.saver.rename(path, renamed.path);
        this.events.onFilesChanged();
        return renamed.path;
      }),
    );
  }

  /** Lets the game start with another file. */
  async startWith(path: string): Promise<void> {
    await this.server.patchProject(this.id, { entry: path });
    if (this.files.closed) return;
    this.project.entry = path;
    this.events.onFilesChanged();
  }

  /**
   * Restores a file from the trash, and returns its path. If the path is taken, the file gets a free one, or with `over` replaces
   * the existing file, which goes into the trash.
   */
  async restore(trashed: string, path: string, over = false): Promise<string> {
    return await this.locked(() => this.restoreLocked(trashed, path, over));
  }

  private async restoreLocked(trashed: string, path: string, over: boolean): Promise<string> {
    if (over && this.has(path)) await this.saver.flushFile(path);
    return await this.saver.hold(async () => {
      const target = this.has(path) && !over ? freeName(this, path) : path;
      const restored = await this.server.restoreFile(this.id, trashed, target, over);
      if (this.files.closed) return restored.path;
      this.saver.forget(restored.path);
      this.view.close(restored.path);
      this.files.note(restored);
      return restored.path;
    });
  }

  /** Deletes a file and returns its id in the trash. Typed text is stored first, so that everything can be restored. */
  async remove(path: string): Promise<string | undefined> {
    return await this.locked(() => this.removeLocked(path));
  }

  private async removeLocked(path: string): Promise<string | undefined> {
    await this.saver.flushFile(path);
    return await this.saver.hold(() =>
      this.guarded(path, async (revision) => {
        const trashed = await this.server.deleteFile(this.id, path, revision);
        if (!this.files.closed) this.drop(path);
        return trashed;
      }),
    );
  }

  /** Takes the person's choice between this window's text and the other's. The other choice is one undo away. */
  resolve({ path, theirs }: SaveConflict, keepMine: boolean): void {
    const mine = this.saver.unsaved(path);
    if (mine === undefined || this.files.closed) return;
    const known = this.find(path);
    if (known === undefined) this.files.note({ path, size: 0, binary: false, revision: theirs.revision });
    else known.revision = theirs.revision;
    this.files.remember(path, theirs);
    this.view.replaceWithUndo(path, theirs.text);
    if (keepMine) {
      this.view.replaceWithUndo(path, mine);
      this.texts.overwriting.add(path);
      this.saver.edit(path, mine);
      this.saver.flush().catch(() => undefined);
    } else {
      this.saver.forget(path);
    }
  }

  /** Returns what is not stored yet, with the revision that it was typed over. */
  unsaved(): UnsavedText[] {
    return Object.entries(this.saver.drafts).map(([path, text]) => ({ path, text, revision: this.find(path)?.revision ?? 0 }));
  }

  /** Takes up drafts that an earlier visit left behind; see `takeUpDrafts`. */
  takeUp(drafts: readonly Draft[], inUse = false): Promise<TakenUp> {
    const { saver, view } = this;
    return takeUpDrafts(drafts, inUse, {
      find: (path) => this.find(path),
      read: (path) => this.read(path),
      isClosed: () => this.files.closed,
      unsaved: (path) => saver.unsaved(path),
      edit: (file, stored, { path, text, revision }) => {
        view.prepare(path, stored);
        view.replaceWithUndo(path, text);
        file.revision = revision;
        this.texts.overwriting.add(path);
        saver.edit(path, text);
      },
    });
  }

  /** Shows what others have changed. A file with unsaved text stays: its save will ask. `expected`: the person knows of files that go. */
  async refresh(expected = false): Promise<void> {
    await catchUp(this.server, this.files, this.view, this.saver, expected ? { ...this.events, onGone: () => undefined } : this.events);
  }

  /** Ends everything that belongs to this project. */
  close(): void {
    this.files.close();
    this.saver.dispose();
  }

  /** Takes no keys during the action, because text typed into a file that is removed would be lost. */
  private async locked<T>(action: () => Promise<T>): Promise<T> {
    const unlock = this.view.lock();
    try {
      return await action();
    } finally {
      unlock();
    }
  }

  /** Does an action on a file at the known revision. If another window was faster, shows its work and throws an error that says so. */
  private async guarded<T>(path: string, action: (revision: number) => Promise<T>): Promise<T> {
    try {
      return await action(this.find(path)?.revision ?? 0);
    } catch (error) {
      if (!isChangedElsewhere(error) && !isMissing(error)) throw error;
      try {
        await this.refresh();
      } catch {
        throw error;
      }
      throw new Error(this.has(path) ? strings.files.changedElsewhere(path) : strings.files.goneElsewhere(path));
    }
  }

  private read(path: string): Promise<StoredText | undefined> {
    return readText(this.server, this.id, path);
  }

  /** Removes a file that no longer exists. */
  private drop(path: string): void {
    this.saver.forget(path);
    this.view.close(path);
    this.files.drop(path);
  }
}
