/**
 * What the mouse of a game that looks around with it does: `free`: the game does not want the mouse; `waiting`: a click on the picture
 * gives it to the game; `locked`: the game has it.
 */
export type MouseLockState = 'free' | 'waiting' | 'locked';

/** Browsers refuse a lock for a moment after Escape has ended one; a click during that time is tried again after this, milliseconds. */
const againAfter = 1400;

/**
 * Locks the mouse to the picture (Pointer Lock) while the game looks around with it. Browsers allow that only after a press of a key or a
 * button, and the person can always end it with Escape; the next click on the picture locks it again. A browser that refuses leaves the
 * mouse as it is: the game then gets places instead of ways.
 */
export class MouseLock {
  private wanted = false;
  private state: MouseLockState = 'free';
  private again: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly onState: (state: MouseLockState) => void,
  ) {
    document.addEventListener('pointerlockchange', () => this.changed());
    document.addEventListener('pointerlockerror', () => this.changed());
  }

  get isLocked(): boolean {
    return document.pointerLockElement === this.canvas;
  }

  /** Takes what the game wants. Run was a press, so the first try may succeed at once. */
  want(wanted: boolean): void {
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    clearTimeout(this.again);
    if (wanted) this.tryNow();
    else if (this.isLocked) document.exitPointerLock();
    this.changed();
  }

  /** Handles a click on the picture. */
  clicked(): void {
    if (!this.wanted || this.isLocked) return;
    clearTimeout(this.again);
    this.again = setTimeout(() => {
      if (this.wanted) this.tryNow();
    }, againAfter);
    this.tryNow();
  }

  private tryNow(): void {
    // Only the canvas with the keyboard: a person who writes code keeps the mouse.
    if (!document.hasFocus() || this.isLocked) return;
    try {
      // Older browsers return nothing and send pointerlockerror.
      void Promise.resolve(this.canvas.requestPointerLock?.()).catch(() => this.changed());
    } catch {
      this.changed();
    }
  }

  private changed(): void {
    const state = !this.wanted ? 'free' : this.isLocked ? 'locked' : 'waiting';
    if (!this.wanted && this.isLocked) document.exitPointerLock();
    if (state === this.state) return;
    this.state = state;
    this.onState(state);
  }
}
