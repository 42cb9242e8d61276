/** Sandbox clocks count microseconds in 32 bits, so all arithmetic with them is modulo this. */
const wrap = 2 ** 32;
/** Number of recent answers. The quickest one is used: the less time it took, the less its middle can be wrong. */
const kept = 10;

/**
 * Knows the sandbox's clock from Ping and Pong. The answer's time belongs to the middle between sending and receiving; the error is at most
 * half of the round trip.
 */
export class SandboxClock {
  private readonly answers: { roundTrip: number; offset: number }[] = [];
  private best: { roundTrip: number; offset: number } | undefined;

  /** Takes an answer: sent and received in milliseconds of this page's clock, `theirs` in microseconds of the sandbox's. */
  answered(sent: number, received: number, theirs: number): void {
    const roundTrip = received - sent;
    const middle = (sent + received) / 2;
    this.answers.push({ roundTrip, offset: modulo(theirs - middle * 1000) });
    if (this.answers.length > kept) this.answers.shift();
    this.best = this.answers.reduce((best, answer) => (answer.roundTrip < best.roundTrip ? answer : best));
  }

  /** Returns the milliseconds from the sandbox's `then` (microseconds) to this page's `now` (milliseconds); NaN before the first answer. */
  age(then: number, now: number): number {
    if (this.best === undefined) return NaN;
    const micros = modulo(now * 1000 + this.best.offset - then);
    // Slightly below zero is a rest of the error, not an age of an hour.
    return micros > wrap / 2 ? 0 : micros / 1000;
  }
}

function modulo(micros: number): number {
  return ((micros % wrap) + wrap) % wrap;
}
