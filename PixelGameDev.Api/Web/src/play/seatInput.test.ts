import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { encodeSeats } from './seatControls';
import { defaultSeats } from './seatDefaults';
import { SeatInput } from './seatInput';

const page = new EventTarget();
const pad = { connected: true, index: 0, axes: [0, 0], buttons: Array.from({ length: 17 }, () => ({ pressed: false, value: 0 })) };
let pads: unknown[] = [];
let frame: (() => void) | undefined;

beforeEach(() => {
  vi.useFakeTimers();
  pads = [];
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }));
  vi.stubGlobal('navigator', { getGamepads: () => pads });
  vi.stubGlobal('Element', class {});
  vi.stubGlobal('requestAnimationFrame', (next: () => void) => {
    frame = next;
    return 1;
  });
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function play(): { sent: number[]; input: SeatInput; stop: () => void } {
  const sent: number[] = [];
  const input = new SeatInput({ input: (encode) => sent.push(encode(0)[1]!) });
  return { sent, input, stop: input.start() };
}

const key = (type: string, code: string, more = {}): void => {
  page.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), { code, ...more }));
};

test('keyboard, touch pad and gamepad press the same controls, each until it releases them', () => {
  const { sent, input, stop } = play();
  key('keydown', 'ArrowUp');
  key('keydown', 'ArrowUp');
  key('keydown', 'KeyX');
  input.pad('ArrowUp', true);
  key('keyup', 'ArrowUp');
  expect(sent).toEqual([1]);
  input.pad('ArrowUp', false);
  key('keydown', 'KeyD');
  key('keydown', 'Space');
  expect(sent).toEqual([1, 0, 8, 24]);
  key('keyup', 'Space');
  pads = [{ ...pad, axes: [0.9, 0] }];
  page.dispatchEvent(new Event('gamepadconnected'));
  key('keyup', 'KeyD');
  expect(sent).toEqual([1, 0, 8, 24, 8]);
  pads = [pad];
  frame!();
  expect(sent.at(-1)).toBe(0);
  stop();
});

test('the state is told again and again while something is held, and released when the window loses the keyboard', () => {
  const { sent, stop } = play();
  key('keydown', 'KeyS');
  vi.advanceTimersByTime(10_000);
  expect(sent).toEqual(Array.from({ length: 11 }, () => 2));
  page.dispatchEvent(new Event('blur'));
  expect(sent.at(-1)).toBe(0);
  vi.advanceTimersByTime(10_000);
  // For some seconds, in case the release was lost.
  expect(sent).toHaveLength(15);
  key('keydown', 'KeyS', { ctrlKey: true });
  expect(sent).toHaveLength(15);
  stop();
  key('keydown', 'KeyS');
  expect(sent).toHaveLength(15);
});

test('no two players have the same key unless somebody chooses so, and all keys have a place', () => {
  const keys = defaultSeats.flatMap((seat) => seat.keys);
  expect(new Set(keys).size).toBe(21);
  const messages = encodeSeats(undefined);
  expect(messages.map((bytes) => [bytes[1], bytes[2]])).toEqual([
    [2, 0],
    [3, 0],
    [4, 0],
  ]);
  // W: scancode 26, keycode 119; left Shift has no character.
  expect([...messages[0]!.subarray(3, 9)]).toEqual([26, 0, 119, 0, 0, 0]);
  expect([...messages[0]!.subarray(27, 33)]).toEqual([225, 0, 225, 0, 0, 0x40]);
  expect(encodeSeats([{ kind: 'gamepad', keys: [] }])[0]![2]).toBe(1);
});
