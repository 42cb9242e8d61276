import { backoff } from '../stream/backoff';

/** What the page shows beside the project's name. */
export type SaveState = 'saved' | 'saving' | 'retrying' | 'refused';

export interface SaverOptions {
  /** Stores one file; rejects with an error that `isTransient` can judge. */
  put(path: string, text: string): Promise<void>;
  /** True where trying again can help (no connection, server away), false where the content itself is refused. */
  isTransient(error: unknown): boolean;
  onState(state: SaveState, error?: unknown): void;
  /** Quiet time after the last key before a save, milliseconds. */
  delay?: number;
  setTimer?(action: () => void, milliseconds: number): number;
  clearTimer?(timer: number): void;
}

/**
 * Autosave: the newest text of each edited file goes to the server after a short pause, one request at a time. Nothing is
 * forgotten until the server has acknowledged exactly that text; without a connection it tries again by itself.
 */
export class Saver {
  private readonly dirty = new Map<string, string>();
  private readonly refused = new Set<string>();
  private timer: number | undefined;
  private running: Promise<void> | undefined;
  private attempt = 0;
  private state: SaveState = 'saved';
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

  /** Everything that is not stored yet, by path. */
  get drafts(): Record<string, string> {
    return Object.fromEntries(this.dirty);
  }

  /** The text that is not stored yet, or undefined. */
  unsaved(path: string): string | undefined {
    return this.dirty.get(path);
  }

  edit(path: string, text: string): void {
    this.dirty.set(path, text);
    this.refused.delete(path);
    if (this.state !== 'retrying') {
      this.setState('saving');
      this.schedule(this.delay);
    }
  }

  /** The file is gone or has another name: its pending text must not come back. */
  forget(path: string): void {
    this.dirty.delete(path);
    this.refused.delete(path);
    if (this.dirty.size === 0 && this.running === undefined) this.settle();
  }

  /** Stores everything now; rejects with the reason when something could not be stored (it stays pending). */
  async flush(): Promise<void> {
    this.cancel();
    // What is on its way may be older than what was typed since.
    while (this.dirty.size > 0 || this.running !== undefined) {
      if (this.running === undefined) this.refused.clear();
      await (this.running ?? this.start());
    }
  }

  /** The connection is back: no need to wait out the pause. */
  retryNow(): void {
    if (this.dirty.size === 0 || this.running !== undefined) return;
    this.cancel();
    this.start().catch(() => undefined);
  }

  private start(): Promise<void> {
    this.running = this.saveAll().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async saveAll(): Promise<void> {
    if (this.state !== 'retrying') this.setState('saving');
    for (;;) {
      const next = [...this.dirty].find(([path]) => !this.refused.has(path));
      if (next === undefined) break;
      const [path, text] = next;
      try {
        await this.options.put(path, text);
      } catch (error) {
        // Deleted or renamed meanwhile: nobody waits for it any more.
        if (!this.dirty.has(path)) continue;
        if (this.options.isTransient(error)) {
          this.setState('retrying', error);
          this.schedule(backoff(this.attempt++, 1000, 15000));
        } else {
          this.refused.add(path);
          this.setState('refused', error);
        }
        throw error;
      }
      this.attempt = 0;
      if (this.dirty.get(path) === text) this.dirty.delete(path);
    }
    this.settle();
  }

  private settle(): void {
    this.cancel();
    if (this.dirty.size === 0) this.setState('saved');
  }

  private schedule(milliseconds: number): void {
    this.cancel();
    this.timer = this.setTimer(() => {
      this.timer = undefined;
      if (this.running === undefined) this.start().catch(() => undefined);
      // A save is under way: it takes the newest texts along before it ends.
    }, milliseconds);
  }

  private cancel(): void {
    if (this.timer !== undefined) this.clearTimer(this.timer);
    this.timer = undefined;
  }

  private setState(state: SaveState, error?: unknown): void {
    if (state === this.state && error === undefined) return;
    this.state = state;
    this.options.onState(state, error);
  }
}
