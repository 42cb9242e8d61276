/** Most characters that a server repeats to a viewer that reconnects. */
const kept = 70_000;

/**
 * Filters the console text of one run. A viewer that reconnects receives the console's tail again. This class removes what has been shown
 * already, so that no line appears twice.
 */
export class Replay {
  private text = '';
  /** Position in `text` that the repetition has reached; undefined: nothing is repeated. */
  private at: number | undefined;

  begin(): void {
    this.text = '';
    this.at = undefined;
  }

  /** Notes that a connection was opened again. */
  reconnected(): void {
    this.at = this.text === '' ? undefined : -1;
  }

  /** Returns the new part of a piece. */
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

  /** Returns where the repetition begins: the first position from which everything that follows is the same. */
  private find(piece: string): number {
    const whole = this.text.indexOf(piece);
    if (whole >= 0) return whole;
    for (let length = Math.min(piece.length, this.text.length); length > 0; length--) {
      if (this.text.endsWith(piece.slice(0, length))) return this.text.length - length;
    }
    return -1;
  }
}
