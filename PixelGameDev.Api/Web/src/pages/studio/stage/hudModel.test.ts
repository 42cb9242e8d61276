import { describe, expect, it } from 'vitest';
import type { HudFigures } from '../../../stream/events';
import type { SandboxStats } from '../../../stream/protocol';
import { shownOf, stageTimes } from './hudModel';

describe('shownOf', () => {
  const stats = (fps: number): SandboxStats => ({ fps, captured: 0, encoded: 0, encodeMicros: 0, bytes: 0, dropped: 0, gameMicros: 0 });

  it.each([
    [57, undefined, '57 fps'],
    [57, stats(60), '57 of 60'],
    // A game that draws the same picture sixty times is not slow.
    [0, stats(60), 'still (60 drawn)'],
    [0, stats(0), 'still'],
    [0, undefined, 'still'],
  ])('%i shown', (fps, sandbox, words) => expect(shownOf(fps, sandbox)).toBe(words));
});

describe('the stages of one picture', () => {
  const figures: HudFigures = {
    frames: 1,
    fps: 60,
    latency: null,
    roundTrip: 8,
    decode: 1,
    encode: 2,
    age: 10,
    ageWorst: 12,
    bytes: 0,
    lost: 0,
    steps: [],
  };
  const stats = { fps: 60, captured: 60, encoded: 60, encodeMicros: 2000, bytes: 0, dropped: 0, gameMicros: 1500 };

  it('adds up to the age', () => expect(stageTimes(figures, stats)).toEqual({ game: 1.5, encode: 2, travel: 7, decode: 1 }));
  it('guesses by the ping before the clocks are known', () =>
    expect(stageTimes({ ...figures, age: null }, undefined)).toEqual({ game: null, encode: 2, travel: 4, decode: 1 }));
});
