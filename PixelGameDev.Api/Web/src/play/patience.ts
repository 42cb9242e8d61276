import type { Wait } from './run';

/** A second of waiting is a while; four more without a picture are strange, milliseconds. */
const slow = 900;
const verySlow = 4000;

/** After a while of waiting the page says what for; after some more without a picture, what may be missing. */
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
