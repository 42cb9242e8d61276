/** A text that is not stored on the server yet. */
export interface Draft {
  project: string;
  /** The window (one visit of the page) that keeps the draft. Windows never change each other's drafts. */
  window: string;
  path: string;
  text: string;
  /** The revision of the file that the text was typed over. */
  revision: number;
  /** When it was kept, milliseconds since 1970. */
  at: number;
}

/** Stores drafts in this browser. */
export interface DraftStore {
  /** Stores a draft durably; rejects if there is no room. */
  put(draft: Draft): Promise<void>;
  /** Stores drafts at once, as well as possible before the page closes. */
  putNow(drafts: Draft[]): void;
  /** Removes a draft. A newer text of its window stays, unless `own` says that this window is the owner. */
  remove(draft: Draft, own: boolean): Promise<void>;
  /** Returns every draft of a project, the newest first. */
  of(project: string): Promise<Draft[]>;
}

export interface UnsavedText {
  path: string;
  text: string;
  revision: number;
}

export interface DraftKeeperOptions {
  project: string;
  window: string;
  store: DraftStore;
  /** Returns what is not stored on the server now. */
  unsaved(): UnsavedText[];
  /** Called if the browser has no room for a draft. */
  onNoRoom(): void;
  /** Longest time from a key until its draft is stored, milliseconds. */
  delay?: number;
  now?(): number;
  setTimer?(action: () => void, milliseconds: number): number;
}

/**
 * Keeps a copy of every unsaved text of an open project in the browser. The copy survives a crash, an empty battery, or a tab that the
 * phone ends. The keeper copies what is unsaved a moment after the first key, and removes the copy when the server has the text.
 */
export class DraftKeeper {
  private readonly kept = new Map<string, Draft>();
  /** Files that may have a copy in the browser, in either store. */
  private readonly touched = new Set<string>();
  private timer: number | undefined;
  private work: Promise<void> = Promise.resolve();
  private closed = false;
  private full = false;

  constructor(private readonly options: DraftKeeperOptions) {}

  /** Notes that something was typed; it is kept soon. */
  touch(): void {
    if (this.timer !== undefined || this.closed) return;
    const setTimer = this.options.setTimer ?? ((action, ms) => setTimeout(action, ms) as unknown as number);
    this.timer = setTimer(() => {
      this.timer = undefined;
      void this.sync();
    }, this.options.delay ?? 1000);
  }

  /** Keeps what is unsaved now, and removes drafts that are no longer unsaved. */
  sync(): Promise<void> {
    if (!this.closed) this.work = this.work.then(() => this.copy());
    return this.work;
  }

  /** Keeps what is unsaved at once, because the page may not return. */
  keepNow(): void {
    if (this.closed) return;
    const current = this.current();
    for (const { path } of current) this.touched.add(path);
    this.options.store.putNow(current);
    void this.sync();
  }

  /** True when the browser has a copy of everything that is unsaved. */
  get complete(): boolean {
    return this.options.unsaved().every(({ path, text }) => this.kept.get(path)?.text === text);
  }

  /** Ends the keeping. The drafts stay for a later visit. */
  close(): void {
    this.closed = true;
  }

  private async copy(): Promise<void> {
    if (this.closed) return;
    const current = this.current();
    for (const draft of current) {
      const old = this.kept.get(draft.path);
      if (old?.text === draft.text && old.revision === draft.revision) continue;
      this.touched.add(draft.path);
      try {
        await this.options.store.put(draft);
        this.kept.set(draft.path, draft);
        this.full = false;
      } catch {
        // Reported once, and again only after a success.
        if (!this.closed && !this.full) this.options.onNoRoom();
        this.full = true;
      }
    }
    for (const path of this.touched) {
      if (this.closed) return;
      if (this.options.unsaved().some((text) => text.path === path)) continue;
      this.touched.delete(path);
      this.kept.delete(path);
      const { project, window } = this.options;
      await this.options.store.remove({ project, window, path, text: '', revision: 0, at: 0 }, true).catch(() => undefined);
    }
  }

  private current(): Draft[] {
    const { project, window } = this.options;
    return this.options.unsaved().map((text) => ({ project, window, ...text, at: this.now() }));
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}
