import { describe, expect, it } from 'vitest';
import type { SandboxStats } from '../stream/protocol';
import { shownOf } from './hud';

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
