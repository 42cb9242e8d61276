import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../../api/apiError';
import type { WatchedGame } from '../../api/types';
import { NextRun } from './nextRun';

const first = '2026-01-01T10:00:00Z';
const second = '2026-01-01T10:05:00Z';
const game = (startedAt: string, hasEnded: boolean): WatchedGame => ({ title: 'Pong', player: 'Ada', startedAt, hasEnded });

let answer: () => Promise<WatchedGame>;
let asked: number[];
let shown: WatchedGame[];
let over: (number | undefined)[];
let next: NextRun;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  answer = async () => game(first, true);
  asked = [];
  shown = [];
  over = [];
  const began = performance.now();
  next = new NextRun({
    show: () => {
      asked.push(Math.round((performance.now() - began) / 1000));
      return answer();
    },
    onNext: (now) => shown.push(now),
    onOver: (error) => over.push(error?.status),
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const seconds = (time: number): Promise<unknown> => vi.advanceTimersByTimeAsync(time * 1000);

test('the page asks less and less often, and goes on with the next Run', async () => {
  next.wait(first);
  await seconds(26);
  expect(asked).toEqual([1, 3, 7, 13, 19, 25]);
  answer = async () => game(second, false);
  await seconds(10);
  expect(shown).toEqual([game(second, false)]);
  await seconds(600);
  expect(asked).toHaveLength(7);
  expect(over).toEqual([]);
});

test('a Run of whose end the server does not know yet is no new one, nor is one that has ended meanwhile', async () => {
  answer = async () => game(first, false);
  next.wait(first);
  await seconds(8);
  answer = async () => game(second, true);
  await seconds(20);
  expect(shown).toEqual([]);
  expect(asked.length).toBeGreaterThan(4);
});

test.each([
  [404, 404],
  [410, undefined],
])('status %s ends the wait', async (status, told) => {
  answer = () => Promise.reject(new ApiError(status, 'Nothing here.'));
  next.wait(first);
  await seconds(1200);
  expect(asked).toEqual([1]);
  expect(over).toEqual([told]);
});

test('without an answer the page asks for eleven minutes', async () => {
  answer = () => Promise.reject(new ApiError(0, 'No answer.'));
  next.wait(first);
  await seconds(11 * 60);
  expect(over).toEqual([]);
  await seconds(7);
  expect(over).toEqual([undefined]);
  const all = asked.length;
  expect(all).toBeLessThan(115);
  await seconds(1200);
  expect(asked).toHaveLength(all);
});

test('an answer of the server renews the eleven minutes', async () => {
  next.wait(first);
  await seconds(10 * 60);
  answer = () => Promise.reject(new ApiError(503, 'Busy.'));
  await seconds(10 * 60);
  answer = async () => game(second, false);
  await seconds(7);
  expect(over).toEqual([]);
  expect(shown).toHaveLength(1);
});

test('a page that is shown again asks at once, and once', async () => {
  next.wait(first);
  await seconds(20);
  const before = asked.length;
  let resolve: (now: WatchedGame) => void = () => undefined;
  answer = () =>
    new Promise((done) => {
      resolve = done;
    });
  next.askNow();
  next.askNow();
  expect(asked).toHaveLength(before + 1);
  next.stop();
  resolve(game(second, false));
  await seconds(60);
  expect(shown).toEqual([]);
  next.askNow();
  expect(asked).toHaveLength(before + 1);
});
