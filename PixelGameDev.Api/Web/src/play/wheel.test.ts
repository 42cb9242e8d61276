import { describe, expect, it } from 'vitest';
import { type WheelLike, WheelSteps } from './wheel';

const event = (part: Partial<WheelLike>): WheelLike => ({ deltaX: 0, deltaY: 0, deltaMode: 0, shiftKey: false, timeStamp: 0, ...part });

/** Sum of the steps of several events, with the number of events that were sent. */
function turnAll(events: readonly Partial<WheelLike>[], zoom = 1): { x: number; y: number; sent: number; precise: number } {
  const steps = new WheelSteps();
  const all = { x: 0, y: 0, sent: 0, precise: 0 };
  events.forEach((part, i) => {
    const turn = steps.turn(event({ timeStamp: i * 10, ...part }), zoom);
    if (turn === null) return;
    all.x += turn.x;
    all.y += turn.y;
    all.precise += turn.preciseY;
    all.sent++;
  });
  return all;
}

const times = <T>(count: number, part: T): T[] => Array.from({ length: count }, () => part);

describe('WheelSteps', () => {
  // Pixels of a notch in Chromium at 75 … 300 % zoom, on Linux and Windows; its wheelDelta is always 120.
  it.each([160, 133.33, 120, 109.09, 100, 80, 66.67, 53, 40, 33.3])('counts one step a notch of %d pixels', (pixels) => {
    const down = times(10, { deltaY: pixels, wheelDeltaY: -120 });
    expect(turnAll(down)).toEqual({ x: 0, y: -10, sent: 10, precise: -10 });
    const up = times(5, { deltaY: -pixels, wheelDeltaY: 120 });
    expect(turnAll([...down, ...up])).toEqual({ x: 0, y: -5, sent: 15, precise: -5 });
  });

  // Chromium divides it by the zoom of the page, and cuts the fraction.
  it.each([
    [0.5, 240],
    [0.75, 160],
    [0.8, 150],
    [0.9, 133],
    [1.1, 109],
    [1.25, 96],
    [1.5, 80],
    [1.75, 68],
    [2, 60],
    [3, 40],
  ])('counts one step a notch at a zoom of %d', (zoom, wheelDelta) => {
    const down = times(5, { deltaY: wheelDelta, wheelDeltaY: -wheelDelta });
    expect(turnAll(down, zoom)).toEqual({ x: 0, y: -5, sent: 5, precise: -5 });
    // Other browsers do not divide it.
    expect(turnAll(times(3, { deltaY: 120, wheelDeltaY: -120 }), zoom)).toMatchObject({ y: -3 });
  });

  it('counts lines, pages and pixels where the browser says nothing else', () => {
    expect(turnAll(times(4, { deltaY: 3, deltaMode: 1 })).y).toBe(-4);
    expect(turnAll(times(2, { deltaY: -1, deltaMode: 2 })).y).toBe(2);
    expect(turnAll(times(3, { deltaY: 100 })).y).toBe(-3);
  });

  it('joins several notches of one event', () => {
    expect(turnAll([{ deltaY: 240, wheelDeltaY: -240 }])).toEqual({ x: 0, y: -2, sent: 1, precise: -2 });
  });

  // Browsers join notches that come while the page is busy.
  it.each([
    [1.25, 96, 5],
    [1.5, 80, 3],
    [1.75, 68, 4],
    [2, 60, 2],
    [0.75, 160, 3],
    [1, 120, 4],
  ])('loses no notch of those that the browser joins at a zoom of %d', (zoom, wheelDelta, joined) => {
    const one = { deltaY: wheelDelta, wheelDeltaY: -wheelDelta };
    const several = { deltaY: joined * wheelDelta, wheelDeltaY: -joined * wheelDelta };
    expect(turnAll([one, several, one, several], zoom)).toMatchObject({ y: -2 - 2 * joined, sent: 4 });
    // A browser that does not divide.
    const whole = { deltaY: 120, wheelDeltaY: -120 };
    expect(turnAll([whole, { deltaY: 360, wheelDeltaY: -360 }, whole], zoom)).toMatchObject({ y: -5, sent: 3 });
  });

  it('adds up a touchpad, and tells its fractions', () => {
    const slow = turnAll(times(24, { deltaY: -10, wheelDeltaY: 12 }));
    expect(slow.y).toBe(2);
    expect(slow.sent).toBe(2);
    expect(slow.precise).toBeCloseTo(2);
  });

  it('forgets a rest after a pause and at a change of the direction', () => {
    const nearly = times(9, { wheelDeltaY: -12, deltaY: 10 });
    expect(turnAll([...nearly, { wheelDeltaY: 12, deltaY: -10 }, ...times(9, { wheelDeltaY: 12, deltaY: -10 })]).y).toBe(1);
    const steps = new WheelSteps();
    for (let i = 0; i < 9; i++) expect(steps.turn(event({ wheelDeltaY: -12, deltaY: 10, timeStamp: i }))).toBeNull();
    expect(steps.turn(event({ wheelDeltaY: -12, deltaY: 10, timeStamp: 5000 }))).toBeNull();
    // A wheel beside the touchpad is not a step more.
    expect(steps.turn(event({ wheelDeltaY: -120, deltaY: 100, timeStamp: 5010 }))).toEqual({ x: 0, y: -1, preciseX: 0, preciseY: -1 });
  });

  it('goes to the right with a positive delta, and down with Shift as without', () => {
    expect(turnAll([{ deltaX: 100, wheelDeltaX: -120 }])).toEqual({ x: 1, y: 0, sent: 1, precise: 0 });
    expect(turnAll([{ deltaX: 100, wheelDeltaX: -120, shiftKey: true }])).toEqual({ x: 0, y: -1, sent: 1, precise: -1 });
  });
});
