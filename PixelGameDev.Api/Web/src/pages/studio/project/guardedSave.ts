import type { SaveCondition, StoredText } from '../../../api/types';

/** The server's side of a save. */
export interface TextStore<Saved> {
  /** Stores a text if the condition holds; returns the new revision. */
  write(path: string, text: string, condition: SaveCondition): Promise<Saved>;
  /** Returns the stored text, or undefined if the file no longer exists. */
  read(path: string): Promise<StoredText | undefined>;
  /** Returns true for the refusal that the condition does not hold. */
  isChangedElsewhere(error: unknown): boolean;
}

/** Thrown if another window saved the file. `theirs` is the text on the server now; `mine` is what was typed here. */
export class SaveConflict extends Error {
  constructor(
    readonly path: string,
    readonly theirs: StoredText,
    readonly mine: string,
    message: string,
  ) {
    super(message);
    this.name = 'SaveConflict';
  }
}

/**
 * Saves without silently overwriting another window's work. If the answer to an own save is lost, that save looks like another window's.
 * Its text identifies it.
 */
export class GuardedSave<Saved> {
  private readonly sent = new Map<string, Set<string>>();

  constructor(
    private readonly store: TextStore<Saved>,
    private readonly describe: (path: string) => string,
  ) {}

  /**
   * Stores a text over the revision that it was typed over; undefined: the file is new. Rejects with `SaveConflict`, or with the error
   * of the store.
   */
  async put(path: string, text: string, known: number | undefined): Promise<Saved> {
    const write = (condition: SaveCondition): Promise<Saved> => this.store.write(path, text, condition);
    // Own texts that may have arrived without an answer: every text since the last answer, as a short mark of each.
    const sent = this.sent.get(path) ?? new Set();
    this.sent.set(path, sent.add(markOf(text)));
    let saved: Saved;
    try {
      saved = await write(known ?? 'new');
    } catch (error) {
      if (!this.store.isChangedElsewhere(error)) throw error;
      const theirs = await this.store.read(path);
      // Deleted in the other window: the text typed here is kept.
      if (theirs === undefined) {
        saved = await write('new');
      } else if (sent.has(markOf(theirs.text))) {
        saved = await write(theirs.revision);
      } else {
        this.sent.delete(path);
        throw new SaveConflict(path, theirs, text, this.describe(path));
      }
    }
    this.sent.delete(path);
    return saved;
  }
}

/**
 * Returns a mark of a text. Two different texts share it only with a chance of 1 in 2⁶⁴. Marks avoid keeping hundreds of whole texts in
 * memory during hours without a connection. FNV-1a twice, with its usual prime and two different start values; crypto.subtle does not exist
 * without TLS.
 */
function markOf(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x1b873593;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x01000193) ^ (a >>> 15);
  }
  return `${text.length}-${a >>> 0}-${b >>> 0}`;
}
