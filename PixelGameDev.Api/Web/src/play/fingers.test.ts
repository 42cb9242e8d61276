import { beforeEach, expect, it } from 'vitest';
import { FingerInput } from './fingers';

let sent: number[][];
let fingers: FingerInput;

beforeEach(() => {
  sent = [];
  const canvas = {
    setPointerCapture: () => undefined,
    getBoundingClientRect: () => ({ left: 0, top: 0, width: 100, height: 100 }),
  };
  fingers = new FingerInput({
    canvas: canvas as unknown as HTMLCanvasElement,
    target: { input: (encode) => void sent.push([...encode(1)]) },
    game: () => ({ width: 100, height: 100 }),
    takeKeyboard: () => undefined,
  });
});

const touch = (type: string, pointerId: number, x = 0, y = 0): void =>
  fingers.pointer({ type, pointerId, clientX: x, clientY: y, timeStamp: 1 } as PointerEvent);

/** Returns the numbers of the fingers in each message. */
const told = (): number[][] => sent.map((bytes) => Array.from({ length: bytes[5]! }, (_, finger) => bytes[6 + finger * 9]!));

it('tells all fingers each time and gives a new finger the lowest free number', () => {
  touch('pointerdown', 7);
  touch('pointerdown', 9, 50, 50);
  touch('pointermove', 9, 50, 50);
  touch('pointerup', 7);
  touch('pointerup', 7);
  touch('pointerdown', 11);
  expect(told()).toEqual([[0], [0, 1], [1], [1, 0]]);
});

it('lifts all fingers once when the browser puts the page away, and knows nothing of them afterwards', () => {
  touch('pointerdown', 7);
  touch('pointerdown', 9);
  fingers.letGo();
  fingers.letGo();
  touch('pointermove', 9, 10, 10);
  touch('pointerup', 9);
  touch('pointerdown', 9);
  expect(told()).toEqual([[0], [0, 1], [], [0]]);
});
