import { strings } from '../strings';
import { isChangedElsewhere, isMissing, isTransient, type Project, type ProjectFile } from './api';
import type { Draft, UnsavedText } from './drafts';
import { freeName } from './fileKinds';
import { GuardedSave, SaveConflict, type StoredText } from './guardedSave';
import type { OpenProjectEvents, ProjectServer, Replaced, TextView } from './projectPorts';
import { Saver } from './saver';

/**
 * The files of one project while it is open, and the saving of what is typed in them. Belongs to that project for its whole life:
 * whatever is still on its way when another project opens can reach neither the other project nor the editor.
 */
export class OpenProject {
  readonly saver: Saver;
  private readonly guard: GuardedSave<ProjectFile>;
  /** Counts files that came, went or got another name here: a list that was asked for before is out of date. */
  private changes = 0;
  private closed = false;
  /** Files whose next save goes over a text that this window did not write: that text goes into the trash. */
  private readonly overwriting = new Set<string>();

  constructor(
    readonly project: Project,
    private readonly server: ProjectServer,
    private readonly view: TextView,
    private readonly events: OpenProjectEvents,
    timers: Partial<Pick<ConstructorParameters<typeof Saver>[0], 'delay' | 'setTimer' | 'clearTimer'>> = {},
  ) {
    this.guard = new GuardedSave<ProjectFile>(
      {
        write: (path, text, condition) => server.writeFile(project.id, path, text, condition, this.overwriting.has(path)),
        read: (path) => this.read(path),
        isChangedElsewhere,
      },
      strings.saved.conflict,
    );
    this.saver = new Saver({
      ...timers,
      put: async (path, text) => {
        const saved = await this.guard.put(path, text, this.find(path)?.revision);
        if (this.closed) return;
        this.overwriting.delete(path);
        this.note(saved);
        this.events.onStored(path);
      },
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
    return this.project.files.find((file) => file.path === path);
  }

  has(path: string): boolean {
    return this.find(path) !== undefined;
  }

  /** Somebody typed. A file that is not in the project (any more) is not made by that. */
  edit(path: string, text: string): void {
    if (!this.closed && this.has(path)) this.saver.edit(path, text);
  }

  /** Reads a text to show it, and from now on guards it by the revision that belongs to it. */
  async load(path: string): Promise<string> {
    const stored = await this.server.readStored(this.id, path);
    const known = this.find(path);
    if (known !== undefined && this.saver.unsaved(path) === undefined) known.revision = stored.revision;
    return stored.text;
  }

  /** Makes an empty file and returns its path. Another window's file of that name stays as it is. */
  async add(path: string): Promise<string> {
    return await this.create(path, '');
  }

  /** Stores a file that must be new; rejects with a sentence when there is one already. */
  async create(path: string, content: string | ArrayBuffer): Promise<string> {
    try {
      const saved = await this.server.writeFile(this.id, path, content, 'new');
      this.changes += 1;
      this.note(saved);
      return saved.path;
    } catch (error) {
      if (!isChangedElsewhere(error)) throw error;
      await this.refresh().catch(() => undefined);
      throw new FileExists(path);
    }
  }

  /**
   * Stores a file over the one that is there, and shows its text if it has one (`text`); one undo brings the old text back.
   * The old file goes into the trash.
   */
  async replace(path: string, content: ArrayBuffer, text: string | undefined): Promise<Replaced> {
    return await this.locked(() => this.replaceLocked(path, content, text));
  }

  private async replaceLocked(path: string, content: ArrayBuffer, text: string | undefined): Promise<Replaced> {
    await this.saver.flushFile(path);
    if (text !== undefined && !this.view.has(path) && this.find(path)?.binary === false) {
      const old = await this.load(path);
      if (!this.closed && !this.view.has(path)) this.view.prepare(path, old);
    }
    return await this.saver.hold(() =>
      this.guarded(path, async (revision) => {
        const saved = await this.server.writeFile(this.id, path, content, revision, true);
        const trashed = saved.replaced ?? undefined;
        if (this.closed) return {};
        this.note(saved);
        const old = this.view.text(path);
        this.saver.forget(path);
        if (text === undefined) this.view.close(path);
        else this.view.replaceWithUndo(path, text);
        return { ...(text !== undefined && old !== undefined && { text: old }), ...(trashed !== undefined && { trashed }) };
      }),
    );
  }

  /**
   * Puts a text back that another one has replaced; what stands there now is one undo away. False when that cannot be done here any
   * more: the project has been closed, or the file is gone.
   */
  bringBackText(path: string, text: string): boolean {
    if (this.closed || !this.has(path)) return false;
    this.view.replaceWithUndo(path, text);
    this.saver.edit(path, text);
    this.saver.flush().catch(() => undefined);
    return true;
  }

  /** Gives a file another name and returns it; text, undo history and what is not saved yet go with it. */
  async rename(path: string, to: string): Promise<string> {
    await this.saver.flushFile(path);
    return await this.saver.hold(() =>
      this.guarded(path, async (revision) => {
        // A file of this name that another window has deleted may still have unsaved text here.
        if (this.has(to)) throw new FileExists(to);
        const renamed = await this.server.renameFile(this.id, path, to, revision);
        if (this.closed) return renamed.path;
        this.changes += 1;
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

  /**
   * Puts a file of the trash back, and returns its path. Where the path is taken, it gets a free one, or with `over` takes the place
   * of the file that is there, which goes into the trash.
   */
  async restore(trashed: string, path: string, over = false): Promise<string> {
    return await this.locked(() => this.restoreLocked(trashed, path, over));
  }

  private async restoreLocked(trashed: string, path: string, over: boolean): Promise<string> {
    if (over && this.has(path)) await this.saver.flushFile(path);
    return await this.saver.hold(async () => {
      const target = this.has(path) && !over ? freeName(this, path) : path;
      const restored = await this.server.restoreFile(this.id, trashed, target, over);
      if (this.closed) return restored.path;
      this.saver.forget(restored.path);
      this.view.close(restored.path);
      this.note(restored);
      return restored.path;
    });
  }

  /** Deletes a file and returns its id in the trash. What was typed in it is stored first, so that everything can come back. */
  async remove(path: string): Promise<string | undefined> {
    return await this.locked(() => this.removeLocked(path));
  }

  private async removeLocked(path: string): Promise<string | undefined> {
    await this.saver.flushFile(path);
    return await this.saver.hold(() =>
      this.guarded(path, async (revision) => {
        const trashed = await this.server.deleteFile(this.id, path, revision);
        this.drop(path);
        return trashed;
      }),
    );
  }

  /** Somebody has chosen between this window's text and the other's. The one not taken is one undo away. */
  resolve({ path, theirs }: SaveConflict, keepMine: boolean): void {
    const mine = this.saver.unsaved(path);
    if (mine === undefined || this.closed) return;
    const known = this.find(path);
    if (known === undefined) this.note({ path, size: 0, binary: false, revision: theirs.revision });
    else known.revision = theirs.revision;
    this.view.replaceWithUndo(path, theirs.text);
    if (keepMine) {
      this.view.replaceWithUndo(path, mine);
      this.overwriting.add(path);
      this.saver.edit(path, mine);
      this.saver.flush().catch(() => undefined);
    } else {
      this.saver.forget(path);
    }
  }

  /** What is not stored yet, with the revision it was typed over. */
  unsaved(): UnsavedText[] {
    return Object.entries(this.saver.drafts).map(([path, text]) => ({ path, text, revision: this.find(path)?.revision ?? 0 }));
  }

  /**
   * Takes up drafts (the newest first) that an earlier visit left behind: they are edited on where they belong, and saved like
   * anything typed. Returns those that have no place of their own: their file is gone, or a newer draft of it was taken up. With
   * `inUse`, somebody may be typing: then none takes the place of a text.
   */
  async takeUp(drafts: readonly Draft[], inUse = false): Promise<{ taken: Draft[]; needless: Draft[]; homeless: Draft[] }> {
    const result = { taken: [] as Draft[], needless: [] as Draft[], homeless: [] as Draft[] };
    for (const draft of drafts) {
      const { path, text } = draft;
      const file = this.find(path);
      let stored: StoredText | undefined;
      if (file !== undefined) {
        // Without an answer the draft is all that is known of the text.
        stored = await this.read(path).catch(() => ({ text, revision: -1 }));
      }
      if (this.closed) break;
      if ((stored !== undefined && stored.revision >= 0 && stored.text === text) || this.saver.unsaved(path) === text) {
        // It had arrived, only the answer was lost.
        result.needless.push(draft);
      } else if (inUse || file === undefined || stored === undefined || this.saver.unsaved(path) !== undefined) {
        result.homeless.push(draft);
      } else {
        this.view.prepare(path, stored.text);
        this.view.replaceWithUndo(path, text);
        file.revision = draft.revision;
        this.overwriting.add(path);
        this.saver.edit(path, text);
        result.taken.push(draft);
      }
    }
    return result;
  }

  /** Shows what other windows changed meanwhile. A file in which something waits to be saved stays as it is: its save will ask. */
  async refresh(): Promise<void> {
    const { changes } = this;
    const now = await this.server.project(this.id);
    if (this.closed || changes !== this.changes) return;
    for (const file of now.files) {
      const known = this.find(file.path);
      if (known === undefined) this.project.files.push(file);
      else if (file.revision > known.revision) await this.takeOver(known, file);
      if (this.closed) return;
    }
    // Meanwhile somebody may have done something here, and then the list is old.
    if (changes !== this.changes) return;
    for (const { path } of [...this.project.files]) {
      if (now.files.some((file) => file.path === path) || this.saver.unsaved(path) !== undefined) continue;
      const shown = this.view.has(path);
      this.drop(path);
      if (shown) this.events.onGone(path);
    }
    this.project.entry = now.entry;
    this.events.onFilesChanged();
  }

  /** Ends everything that belongs to this project. */
  close(): void {
    this.closed = true;
    this.saver.dispose();
  }

  private async takeOver(known: ProjectFile, newer: ProjectFile): Promise<void> {
    const { path } = known;
    if (this.view.has(path) && !newer.binary) {
      const stored = await this.read(path);
      if (this.closed || stored === undefined || this.saver.unsaved(path) !== undefined) return;
      this.view.replaceWithUndo(path, stored.text);
      known.revision = stored.revision;
    } else if (this.saver.unsaved(path) === undefined) {
      known.revision = newer.revision;
    }
    known.size = newer.size;
    known.binary = newer.binary;
  }

  /** Takes no keys meanwhile: what would be typed in a file that goes would go with it. */
  private async locked<T>(action: () => Promise<T>): Promise<T> {
    const unlock = this.view.lock();
    try {
      return await action();
    } finally {
      unlock();
    }
  }

  /** Does something to a file at the revision that is known here; if another window was faster, shows its work and says so. */
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

  private async read(path: string): Promise<StoredText | undefined> {
    try {
      return await this.server.readStored(this.id, path);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  private drop(path: string): void {
    if (this.closed) return;
    this.changes += 1;
    this.saver.forget(path);
    this.view.close(path);
    this.project.files = this.project.files.filter((file) => file.path !== path);
    this.events.onFilesChanged();
  }

  private note(file: ProjectFile): void {
    if (this.closed) return;
    const known = this.find(file.path);
    if (known !== undefined) {
      known.size = file.size;
      known.binary = file.binary;
      known.revision = file.revision;
      return;
    }
    this.changes += 1;
    this.project.files.push(file);
    this.events.onFilesChanged();
  }
}

/** There is a file of that name already. */
export class FileExists extends Error {
  constructor(readonly path: string) {
    super(strings.files.exists(path));
    this.name = 'FileExists';
  }
}
