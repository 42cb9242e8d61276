/** Characters that a server repeats to a viewer who comes back, at the very most. */
const kept = 70_000;

/**
 * Console text of one run. A viewer whose connection was lost is told the console's tail once more when it comes back: what has been
 * shown already is left out here, so that no line stands there twice.
 */
export class Replay {
  private text = '';
  /** Place in `text` that the repetition has come to; undefined: nothing is repeated. */
  private at: number | undefined;

  begin(): void {
    this.text = '';
    this.at = undefined;
  }

  /** A connection was opened again. */
  reconnected(): void {
    this.at = this.text === '' ? undefined : -1;
  }

  /** What of a piece is new. */
  take(piece: string): string {
    if (this.at !== undefined) {
      const place = this.at === -1 ? this.find(piece) : this.at;
      const known = this.text.slice(place);
      if (place >= 0 && known.length > piece.length && known.startsWith(piece)) {
        this.at = place + piece.length;
        return '';
      }
      this.at = undefined;
      if (place >= 0 && piece.startsWith(known)) piece = piece.slice(known.length);
    }
    this.text = (this.text + piece).slice(-kept);
    return piece;
  }

  /** Where the repetition begins: the first place from which everything that follows is the same. */
  private find(piece: string): number {
    const whole = this.text.indexOf(piece);
    if (whole >= 0) return whole;
    for (let length = Math.min(piece.length, this.text.length); length > 0; length--) {
      if (this.text.endsWith(piece.slice(0, length))) return this.text.length - length;
    }
    return -1;
  }
}
