import { afterEach, expect, test, vi } from 'vitest';
import { oneTabAtATime } from './oneTab';

/** Returns a storage that all "tabs" of a test share. */
function sharedStorage(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('without locks, tabs that start together still take turns', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('localStorage', sharedStorage());
  let guests = 0;
  let inside = 0;
  const arrive = (): Promise<number> =>
    oneTabAtATime('arrival', async () => {
      inside += 1;
      expect(inside).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 200));
      inside -= 1;
      return guests === 0 ? ++guests : guests;
    });
  const tabs = Promise.all([arrive(), arrive(), arrive()]);
  await vi.advanceTimersByTimeAsync(3000);
  expect(await tabs).toEqual([1, 1, 1]);
});

test('a tab that vanished with its claim stops nobody for long', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('localStorage', sharedStorage());
  localStorage.setItem('arrival', `gone ${Date.now()}`);
  const done = oneTabAtATime('arrival', async () => 'in');
  await vi.advanceTimersByTimeAsync(6000);
  expect(await done).toBe('in');
});

test('a browser that stores nothing still gets in', async () => {
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('localStorage', {
    getItem: () => {
      throw new Error('denied');
    },
    setItem: () => {
      throw new Error('denied');
    },
  });
  expect(await oneTabAtATime('arrival', async () => 'in')).toBe('in');
});

test('where the browser has locks, it keeps the order', async () => {
  const request = vi.fn(async (_: string, work: () => Promise<string>) => work());
  vi.stubGlobal('navigator', { locks: { request } });
  expect(await oneTabAtATime('arrival', async () => 'in')).toBe('in');
  expect(request).toHaveBeenCalledWith('arrival', expect.any(Function));
});
