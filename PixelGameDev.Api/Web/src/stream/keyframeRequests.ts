/** Time until a missing keyframe is requested again, milliseconds. */
const keyframeWithin = 1000;

/** Requests a keyframe until it arrives: the request or its answer may be lost on the way, or limited. */
export class KeyframeRequests {
  /** Runs while a keyframe is awaited; undefined: none is. */
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

  /** Notes that the keyframe is there, or is no longer needed. */
  arrived(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
