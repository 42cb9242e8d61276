/** A file as the server has it. */
export interface StoredText {
  text: string;
  revision: number;
}

/** The server's side of a save. */
export interface TextStore<Saved> {
  /** Stores a text over `revision` only (over anything when undefined); the answer's revision is the new one. */
  write(path: string, text: string, revision: number | undefined): Promise<Saved>;
  /** The stored text, or undefined where there is no such file any more. */
  read(path: string): Promise<StoredText | undefined>;
  /** True for the refusal that says: the file is no longer at that revision. */
  isChangedElsewhere(error: unknown): boolean;
}

/** Somebody saved the file from another window; `theirs` is what stands on the server now. */
export class SaveConflict extends Error {
  constructor(readonly path: string, readonly theirs: StoredText, message: string) {
    super(message);
    this.name = 'SaveConflict';
  }
}

/**
 * Saves that never overwrite another window's work in silence. A save of our own whose answer was lost looks like somebody else's;
 * it is told apart by its text.
 */
export class GuardedSave<Saved> {
  private readonly sent = new Map<string, Set<string>>();

  constructor(private readonly store: TextStore<Saved>, private readonly describe: (path: string) => string) {}

  /** `known` is the revision that the text was typed over. Rejects with `SaveConflict`, or with what the store rejects with. */
  async put(path: string, text: string, known: number | undefined): Promise<Saved> {
    const write = (revision: number | undefined): Promise<Saved> => this.store.write(path, text, revision);
    // What of ours may have arrived without an answer: every text since the last answer.
    const sent = this.sent.get(path) ?? new Set();
    this.sent.set(path, sent.add(text));
    try {
      const saved = await write(known);
      this.sent.delete(path);
      return saved;
    } catch (error) {
      if (known === undefined || !this.store.isChangedElsewhere(error)) throw error;
      const theirs = await this.store.read(path);
      // Deleted in the other window: what is typed here is kept.
      if (theirs === undefined || sent.has(theirs.text)) return await write(theirs?.revision);
      this.sent.delete(path);
      throw new SaveConflict(path, theirs, this.describe(path));
    }
  }
}
