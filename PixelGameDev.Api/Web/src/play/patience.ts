import type { Wait } from './run';

/** Time until the page says what it waits for, and further time without a picture until it gives a hint, milliseconds. */
const slow = 900;
const verySlow = 4000;

/** Says after some time what the page waits for; after more time without a picture, what may be missing. */
export class Patience {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly say: (what: Wait, hint: boolean) => void) {}

  waitFor(what: Wait): void {
    this.end();
    this.timer = setTimeout(() => {
      this.say(what, false);
      if (what === 'frame') this.timer = setTimeout(() => this.say(what, true), verySlow);
    }, slow);
  }

  end(): void {
    clearTimeout(this.timer);
  }
}
