/** A complete picture that has not come by then is asked for again, milliseconds. */
const keyframeWithin = 1000;

/** Asks for a complete picture until it is there: the request or its answer may be lost on the way, or limited. */
export class KeyframeRequests {
  /** Runs while a complete picture is awaited; undefined: none is. */
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly send: () => void) {}

  request(): void {
    if (this.timer !== undefined) return;
    this.send();
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.request();
    }, keyframeWithin);
  }

  /** The picture is there, or nobody waits for it any more. */
  arrived(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
