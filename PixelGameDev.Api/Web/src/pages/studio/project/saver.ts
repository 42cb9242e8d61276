import { backoff } from '../../../stream/backoff';

/** The state that the page shows next to the project's name. */
export type SaveState = 'saved' | 'saving' | 'retrying' | 'refused';

export interface SaverOptions {
  /** Stores one file; rejects with an error that `isTransient` can judge. */
  put(path: string, text: string): Promise<void>;
  /** Returns true if a later attempt can succeed (no connection, server unavailable), false if the content itself is refused. */
  isTransient(error: unknown): boolean;
  onState(state: SaveState, error?: unknown): void;
  /** Quiet time after the last key before a save, milliseconds. */
  delay?: number;
  setTimer?(action: () => void, milliseconds: number): number;
  clearTimer?(timer: number): void;
}

/**
 * Saves the newest text of each edited file after a short pause, one request at a time. Forgets a text only when the server
 * has acknowledged exactly that text. Without a connection it tries again by itself.
 */
export class Saver {
  private readonly dirty = new Map<string, string>();
  private readonly refused = new Set<string>();
  private timer: number | undefined;
  private running: Promise<void> | undefined;
  private attempt = 0;
  private state: SaveState = 'saved';
  private holds = 0;
  private whenReleased: { promise: Promise<void>; resolve: () => void } | undefined;
  private disposed = false;
  private readonly delay: number;
  private readonly setTimer: (action: () => void, milliseconds: number) => number;
  private readonly clearTimer: (timer: number) => void;

  constructor(private readonly options: SaverOptions) {
    this.delay = options.delay ?? 600;
    this.setTimer = options.setTimer ?? ((action, ms) => setTimeout(action, ms) as unknown as number);
    this.clearTimer = options.clearTimer ?? ((timer) => clearTimeout(timer));
  }

  /** True while something is not stored yet. */
  get pending(): boolean {
    return this.dirty.size > 0;
  }

  /** Returns everything that is not stored yet, by path. */
  get drafts(): Record<string, string> {
    return Object.fromEntries(this.dirty);
  }

  /** Returns the text that is not stored yet, or undefined. */
  unsaved(path: string): string | undefined {
    return this.dirty.get(path);
  }

  edit(path: string, text: string): void {
    if (this.disposed) return;
    this.dirty.set(path, text);
    this.refused.delete(path);
    if (this.state !== 'retrying') {
      this.setState('saving');
      this.schedule(this.delay);
    }
  }

  /** Drops the unsaved text of a file that was removed, so that the file does not return. */
  forget(path: string): void {
    this.dirty.delete(path);
    this.refused.delete(path);
    if (this.running === undefined) this.settle();
  }

  /** Moves the unsaved text of a file to the file's new name. */
  rename(from: string, to: string): void {
    const text = this.dirty.get(from);
    if (text === undefined) return;
    this.forget(from);
    this.edit(to, text);
  }

  /** Runs `action` without a save: waits for the pending save first, and saves text typed during `action` afterwards. */
  async hold<T>(action: () => Promise<T>): Promise<T> {
    this.holds += 1;
    try {
      await this.running?.catch(() => undefined);
      return await action();
    } finally {
      this.holds -= 1;
      if (this.holds === 0) {
        this.whenReleased?.resolve();
        this.whenReleased = undefined;
        if (this.untried) this.schedule(this.delay);
      }
    }
  }

  /** Stores everything now; rejects with the reason if something could not be stored (it stays pending). */
  async flush(): Promise<void> {
    this.cancel();
    // The pending save may be older than what was typed since.
    while (!this.disposed && (this.dirty.size > 0 || this.running !== undefined)) {
      if (this.running === undefined) {
        if (this.holds > 0) {
          await this.released();
          continue;
        }
        this.refused.clear();
      }
      await (this.running ?? this.start());
    }
  }

  /** Stores one file now; rejects only when that file could not be stored. */
  async flushFile(path: string): Promise<void> {
    try {
      await this.flush();
    } catch (error) {
      if (this.dirty.has(path)) throw error;
    }
  }

  /** Tries again at once, because the connection is back or there is room again. */
  retryNow(): void {
    this.refused.clear();
    if (this.dirty.size === 0 || this.running !== undefined || this.holds > 0 || this.disposed) return;
    this.cancel();
    this.start().catch(() => undefined);
  }

  /** Ends autosave for good, because the project is no longer open. A pending request ends by itself and reports nothing. */
  dispose(): void {
    this.disposed = true;
    this.cancel();
    this.dirty.clear();
    this.refused.clear();
    this.whenReleased?.resolve();
  }

  /** True when some text has neither been stored nor refused. */
  private get untried(): boolean {
    return [...this.dirty.keys()].some((path) => !this.refused.has(path));
  }

  private released(): Promise<void> {
    if (this.whenReleased === undefined) {
      let resolve!: () => void;
      const promise = new Promise<void>((done) => (resolve = done));
      this.whenReleased = { promise, resolve };
    }
    return this.whenReleased.promise;
  }

  private start(): Promise<void> {
    this.running = this.saveAll().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** Tries each unsaved file once, also after a failure of another file. Rejects with the first failure. */
  private async saveAll(): Promise<void> {
    if (this.state !== 'retrying') this.setState('saving');
    const failed = new Set<string>();
    let unreachable: unknown;
    let refusal: unknown;
    for (;;) {
      const next = [...this.dirty].find(([path]) => !this.refused.has(path) && !failed.has(path));
      if (next === undefined || this.disposed) break;
      const [path, text] = next;
      try {
        await this.options.put(path, text);
      } catch (error) {
        // Deleted or renamed in between, or the project was closed: the result no longer matters.
        if (this.disposed || !this.dirty.has(path)) continue;
        if (this.options.isTransient(error)) {
          failed.add(path);
          unreachable ??= error;
        } else if (this.dirty.get(path) === text) {
          this.refused.add(path);
          refusal ??= error;
          this.setState('refused', error);
        }
        continue;
      }
      this.attempt = 0;
      if (this.dirty.get(path) === text) this.dirty.delete(path);
    }
    if (this.disposed) return;
    if (unreachable !== undefined) {
      this.setState('retrying', unreachable);
      this.schedule(backoff(this.attempt++, 1000, 15000));
      throw unreachable;
    }
    this.settle();
    if (refusal !== undefined) throw refusal;
  }

  /** Shows the state after the last pending request. */
  private settle(): void {
    if (this.disposed || this.untried) return;
    this.cancel();
    this.setState(this.dirty.size === 0 ? 'saved' : 'refused');
  }

  private schedule(milliseconds: number): void {
    this.cancel();
    this.timer = this.setTimer(() => {
      this.timer = undefined;
      // No save starts while another one runs or saves are on hold; the newest texts are included afterwards.
      if (this.running === undefined && this.holds === 0) this.start().catch(() => undefined);
    }, milliseconds);
  }

  private cancel(): void {
    if (this.timer !== undefined) this.clearTimer(this.timer);
    this.timer = undefined;
  }

  private setState(state: SaveState, error?: unknown): void {
    if (this.disposed || (state === this.state && error === undefined)) return;
    this.state = state;
    this.options.onState(state, error);
  }
}
