import type { SaveCondition, StoredText } from '../../../api/types';

/** The server's side of a save. */
export interface TextStore<Saved> {
  /** Stores a text if the condition holds; the answer's revision is the new one. */
  write(path: string, text: string, condition: SaveCondition): Promise<Saved>;
  /** The stored text, or undefined where there is no such file any more. */
  read(path: string): Promise<StoredText | undefined>;
  /** True for the refusal that says: the condition does not hold. */
  isChangedElsewhere(error: unknown): boolean;
}

/** Somebody saved the file from another window; `theirs` is what stands on the server now, `mine` is what was typed here. */
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
 * Saves without ever overwriting another window's work in silence. A save of our own whose answer was lost looks like somebody
 * else's; its text tells it apart.
 */
export class GuardedSave<Saved> {
  private readonly sent = new Map<string, Set<string>>();

  constructor(
    private readonly store: TextStore<Saved>,
    private readonly describe: (path: string) => string,
  ) {}

  /**
   * Stores a text over the revision that it was typed over; undefined: the file is new. Rejects with `SaveConflict`, or with what
   * the store rejects with.
   */
  async put(path: string, text: string, known: number | undefined): Promise<Saved> {
    const write = (condition: SaveCondition): Promise<Saved> => this.store.write(path, text, condition);
    // What of ours may have arrived without an answer: every text since the last answer, as a short mark of each.
    const sent = this.sent.get(path) ?? new Set();
    this.sent.set(path, sent.add(markOf(text)));
    let saved: Saved;
    try {
      saved = await write(known ?? 'new');
    } catch (error) {
      if (!this.store.isChangedElsewhere(error)) throw error;
      const theirs = await this.store.read(path);
      // Deleted in the other window: what is typed here is kept.
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
 * A mark that two different texts share by a chance of 1 in 2⁶⁴ only, so that hours without a connection do not keep hundreds of whole
 * texts in memory. FNV-1a twice, with its usual prime and two different beginnings; crypto.subtle is not there without TLS.
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
