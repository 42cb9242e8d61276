import { describe, expect, it } from 'vitest';
import { SandboxClock } from './clock';
import { FrameFigures } from './figures';

describe('figures of the last second', () => {
  it('counts pictures and bytes, and forgets what is older', () => {
    const figures = new FrameFigures(0);
    for (let now = 0; now < 3000; now += 20) {
      figures.received(now, 100);
      figures.drawn(now, 5, 1, 0.5);
    }
    const last = figures.take(2990);
    expect(last.fps).toBe(50);
    expect(last.bytes).toBe(5000);
    expect([last.age, last.ageWorst, last.decode, last.encode]).toEqual([5, 5, 1, 0.5]);
    const later = figures.take(10_000);
    expect([later.fps, later.bytes]).toEqual([0, 0]);
  });

  it('tells each tenth of a second once, also the empty ones, with the oldest picture in it', () => {
    const figures = new FrameFigures(0);
    figures.drawn(10, 4, 1, 1);
    figures.drawn(50, 9, 1, 1);
    figures.drawn(320, 7, 1, 1);
    expect(figures.take(350).steps).toEqual([
      { frames: 2, age: 9 },
      { frames: 0, age: 0 },
      { frames: 0, age: 0 },
    ]);
    expect(figures.take(410).steps).toEqual([{ frames: 1, age: 7 }]);
    expect(figures.take(420).steps).toEqual([]);
  });

  it('says that the age is not known, not that it is nothing', () => {
    const figures = new FrameFigures(0);
    figures.drawn(10, NaN, 1, 1);
    expect(figures.take(20).age).toBeNull();
  });
});

describe('the clock of the sandbox', () => {
  it('follows the quickest answer, through the end of its 32 bits', () => {
    const clock = new SandboxClock();
    expect(clock.age(0, 0)).toBeNaN();
    const theirs = (now: number): number => (4_294_960_000 + now * 1000) % 2 ** 32;
    // The middle of this one is wrong by 20 ms, because the way there took longer than the way back.
    clock.answered(0, 50, theirs(45));
    expect(clock.age(theirs(60), 70)).toBeCloseTo(30, 3);
    clock.answered(100, 102, theirs(101));
    expect(clock.age(theirs(60), 70)).toBeCloseTo(10, 3);
    expect(clock.age(theirs(1000), 999.9)).toBe(0);
  });
});
