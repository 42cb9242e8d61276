/** What a turn of the wheel is to the game: whole steps, and the same with fractions. Up and right are positive. */
export interface WheelTurn {
  x: number;
  y: number;
  preciseX: number;
  preciseY: number;
}

/** The part of WheelEvent that decides what is sent; tests pass plain objects. */
export interface WheelLike {
  deltaX: number;
  deltaY: number;
  deltaMode: number;
  shiftKey: boolean;
  timeStamp: number;
  /** Not in the standard; Chromium, Safari and Firefox have them: 120 for one notch. Chromium divides that by the zoom of the page. */
  wheelDeltaX?: number;
  wheelDeltaY?: number;
}

const notch = 120;
/** Without wheelDelta: one notch in pixels and in lines. */
const pixelsPerStep = 100;
const linesPerStep = 3;
/** After this pause a rest of less than a step is forgotten, milliseconds. */
const restFor = 400;

/**
 * Turns wheel events into steps. A notch of a wheel is exactly one step in every browser and at every zoom of the page. Fractions of a
 * touchpad are added up; the rest is forgotten after a pause and when the direction changes.
 */
export class WheelSteps {
  private readonly rest = { x: 0, y: 0 };
  /** Fractions that no step has told yet. */
  private readonly untold = { x: 0, y: 0 };
  private last = -Infinity;
  /** Whether this browser divides wheelDelta by the zoom of the page, once an event has shown it. */
  private divides: boolean | undefined;
  /** Whether a touchpad moves: its fractions may look like notches and show nothing of the browser. */
  private hasFractions = false;
  private zoom = 1;

  clear(): void {
    this.hasFractions = false;
    this.rest.x = this.rest.y = this.untold.x = this.untold.y = 0;
    this.last = -Infinity;
  }

  /** Returns what to send, or null if this is not yet a step. `zoom`: that of the page. */
  turn(event: WheelLike, zoom = 1): WheelTurn | null {
    if (event.timeStamp - this.last > restFor) this.clear();
    this.last = event.timeStamp;
    if (zoom !== this.zoom) this.divides = undefined;
    this.zoom = zoom;
    const { x, y } = this.stepsOf(event, zoom);
    const steps = { x: this.add('x', x), y: this.add('y', y) };
    if (steps.x === 0 && steps.y === 0) return null;
    const turn = { ...steps, preciseX: this.untold.x, preciseY: this.untold.y };
    this.untold.x = this.untold.y = 0;
    return turn;
  }

  private add(axis: 'x' | 'y', amount: number): number {
    if (amount === 0) return 0;
    // A whole notch is a wheel, and a rest of a touchpad is no part of it.
    const whole = Number.isInteger(amount);
    if (whole || this.rest[axis] * amount < 0) this.rest[axis] = this.untold[axis] = 0;
    this.untold[axis] += amount;
    if (whole) return amount;
    const sum = this.rest[axis] + amount;
    const steps = Math.trunc(sum + Math.sign(sum) * 1e-6) || 0;
    this.rest[axis] = sum - steps;
    return steps;
  }

  private stepsOf(event: WheelLike, zoom: number): { x: number; y: number } {
    // Plus zero turns −0 into 0.
    const steps = {
      x: -this.amountOf(event.wheelDeltaX, -event.deltaX, event.deltaMode, zoom) + 0,
      y: this.amountOf(event.wheelDeltaY, -event.deltaY, event.deltaMode, zoom) + 0,
    };
    // Browsers turn the wheel sideways while Shift is held; a window of a desktop does not.
    if (event.shiftKey && steps.y === 0 && Number.isInteger(steps.x)) return { x: 0, y: -steps.x + 0 };
    return steps;
  }

  private amountOf(wheelDelta: number | undefined, delta: number, mode: number, zoom: number): number {
    if (wheelDelta !== undefined && wheelDelta !== 0) return this.notchesOf(wheelDelta, zoom);
    if (delta === 0) return 0;
    // DOM_DELTA_PIXEL, DOM_DELTA_LINE, DOM_DELTA_PAGE.
    return mode === 0 ? delta / pixelsPerStep : mode === 1 ? delta / linesPerStep : delta;
  }

  /** Returns whole notches of a wheel, or the fraction of one that a touchpad has moved. */
  private notchesOf(wheelDelta: number, zoom: number): number {
    const told = wheelDelta / notch;
    const zoomed = told * zoom;
    // Browsers cut the fraction of what they have divided, for each notch of those that they join.
    const count = Math.abs(Math.round(zoomed));
    const zoomedIsWhole = count > 0 && Math.abs(Math.abs(zoomed) - count) < 0.02 * Math.min(count, 10);
    const toldIsWhole = Number.isInteger(told);
    if (!zoomedIsWhole && !toldIsWhole) {
      this.hasFractions = true;
      return zoomed;
    }
    // Both are possible for notches that the browser has joined: two at twice the zoom are told like one that is not divided.
    if (zoomedIsWhole !== toldIsWhole && !this.hasFractions) this.divides = zoomedIsWhole;
    return (this.divides ?? zoom < 1) ? Math.round(zoomed) : told;
  }
}

const zooms = [0.25, 1 / 3, 0.5, 2 / 3, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5];

/** Returns the zoom of the page. The ratio of pixels would not do: it also counts the pixels of the screen. */
export function pageZoom(): number {
  const ratio = outerWidth / innerWidth;
  return zooms.find((zoom) => Math.abs(ratio / zoom - 1) < 0.03) ?? 1;
}
