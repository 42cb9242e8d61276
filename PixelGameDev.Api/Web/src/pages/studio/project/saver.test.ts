import { describe, expect, it } from 'vitest';
import { Saver, type SaveState } from './saver';

/** Returns a server and a clock that the test controls. */
function setUp() {
  const stored: [string, string][] = [];
  const states: SaveState[] = [];
  const timers = new Map<number, { action: () => void; ms: number }>();
  const failures = new Map<string, string>();
  let nextTimer = 1;
  let answer: () => Promise<void> = () => Promise.resolve();
  const saver = new Saver({
    put: async (path, text) => {
      const failure = failures.get(path);
      if (failure !== undefined) throw new Error(failure);
      await answer();
      stored.push([path, text]);
    },
    isTransient: (error) => (error as Error).message !== 'refused',
    onState: (state) => states.push(state),
    setTimer: (action, ms) => {
      timers.set(nextTimer, { action, ms });
      return nextTimer++;
    },
    clearTimer: (timer) => timers.delete(timer),
  });
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  return {
    saver,
    stored,
    states,
    timers,
    settle,
    fail: (message: string) => (answer = () => Promise.reject(new Error(message))),
    failFor: (path: string, message: string) => failures.set(path, message),
    work: () => (answer = () => Promise.resolve()),
    hold: () => {
      let release!: () => void;
      answer = () => new Promise((resolve) => (release = resolve));
      return () => release();
    },
    tick: async () => {
      const due = [...timers.values()];
      timers.clear();
      for (const { action } of due) action();
      await settle();
    },
  };
}

describe('Saver', () => {
  it('saves the newest text once, after a pause', async () => {
    const t = setUp();
    t.saver.edit('main.py', 'a');
    t.saver.edit('main.py', 'ab');
    expect(t.saver.pending).toBe(true);
    expect(t.timers.size).toBe(1);
    await t.tick();
    expect(t.stored).toEqual([['main.py', 'ab']]);
    expect(t.saver.pending).toBe(false);
    expect(t.states).toEqual(['saving', 'saved']);
  });

  it('flush does not wait for the pause', async () => {
    const t = setUp();
    t.saver.edit('a.py', '1');
    t.saver.edit('b.py', '2');
    await t.saver.flush();
    expect(t.stored).toEqual([
      ['a.py', '1'],
      ['b.py', '2'],
    ]);
    expect(t.timers.size).toBe(0);
  });

  it('takes along what is typed while a save is on its way', async () => {
    const t = setUp();
    const release = t.hold();
    t.saver.edit('a.py', '1');
    const flushed = t.saver.flush();
    await t.settle();
    t.saver.edit('a.py', '12');
    t.work();
    release();
    await flushed;
    expect(t.stored).toEqual([
      ['a.py', '1'],
      ['a.py', '12'],
    ]);
    expect(t.states.at(-1)).toBe('saved');
  });

  it('loses nothing without a connection, says so, and saves by itself later', async () => {
    const t = setUp();
    t.fail('offline');
    t.saver.edit('a.py', '1');
    await expect(t.saver.flush()).rejects.toThrow('offline');
    expect(t.states.at(-1)).toBe('retrying');
    t.saver.edit('a.py', '12');
    expect(t.states.at(-1)).toBe('retrying');
    await t.tick();
    expect(t.saver.pending).toBe(true);
    t.work();
    await t.tick();
    expect(t.stored).toEqual([['a.py', '12']]);
    expect(t.states.at(-1)).toBe('saved');
  });

  it('waits longer each time, up to a bound', async () => {
    const t = setUp();
    t.fail('offline');
    t.saver.edit('a.py', '1');
    const waits: number[] = [];
    for (let i = 0; i < 10; i++) {
      await t.tick();
      waits.push([...t.timers.values()][0]!.ms);
    }
    expect(waits[0]).toBeLessThan(1300);
    expect(waits[3]).toBeGreaterThan(waits[0]!);
    expect(Math.max(...waits)).toBeLessThanOrEqual(18000);
  });

  it('tries at once when the connection is back', async () => {
    const t = setUp();
    t.fail('offline');
    t.saver.edit('a.py', '1');
    await t.tick();
    t.work();
    t.saver.retryNow();
    await t.settle();
    expect(t.stored).toEqual([['a.py', '1']]);
  });

  it('does not repeat what the server refused until it is changed, and still saves other files', async () => {
    const t = setUp();
    t.fail('refused');
    t.saver.edit('big.py', 'x');
    await t.tick();
    expect(t.states.at(-1)).toBe('refused');
    expect(t.timers.size).toBe(0);
    t.work();
    t.saver.edit('other.py', 'y');
    await t.tick();
    expect(t.stored).toEqual([['other.py', 'y']]);
    expect(t.saver.pending).toBe(true);
    t.saver.edit('big.py', 'smaller');
    await t.tick();
    expect(t.stored.at(-1)).toEqual(['big.py', 'smaller']);
    expect(t.saver.pending).toBe(false);
  });

  it('forgets a deleted file', async () => {
    const t = setUp();
    t.saver.edit('a.py', '1');
    t.saver.forget('a.py');
    await t.tick();
    expect(t.stored).toEqual([]);
    expect(t.states.at(-1)).toBe('saved');
  });

  it('stores the other files when one is refused, and says then that something is not saved', async () => {
    const t = setUp();
    t.saver.edit('big.py', 'x');
    t.saver.edit('other.py', 'y');
    t.failFor('big.py', 'refused');
    await expect(t.saver.flush()).rejects.toThrow('refused');
    expect(t.stored).toEqual([['other.py', 'y']]);
    expect(t.states.at(-1)).toBe('refused');
    await expect(t.saver.flushFile('other.py')).resolves.toBeUndefined();
    await expect(t.saver.flushFile('big.py')).rejects.toThrow('refused');
  });

  it('stores nothing while it is held, and everything afterwards', async () => {
    const t = setUp();
    let release!: () => void;
    const held = t.saver.hold(() => new Promise<void>((resolve) => (release = resolve)));
    await t.settle();
    t.saver.edit('a.py', '1');
    const flushed = t.saver.flush();
    await t.tick();
    expect(t.stored).toEqual([]);
    release();
    await held;
    await flushed;
    expect(t.stored).toEqual([['a.py', '1']]);
  });

  it('does nothing any more after its end', async () => {
    const t = setUp();
    t.saver.edit('a.py', '1');
    t.saver.dispose();
    expect(t.timers.size).toBe(0);
    t.saver.edit('a.py', '2');
    await t.tick();
    await t.saver.flush();
    expect(t.stored).toEqual([]);
  });
});
