import { expect, test } from 'vitest';
import { encodeControls, encodeGiveSeat, encodeJoin, encodeSeatControls } from './seatProtocol';

test('messages about seats have the layout of PROTOCOL.md', () => {
  const key = Uint8Array.from({ length: 16 }, (_, i) => i);
  expect([...encodeJoin(true, key, 'é')]).toEqual([0x93, 1, ...key, 0xc3, 0xa9]);
  // A name is cut between characters.
  expect(encodeJoin(false, key, 'é'.repeat(60))).toHaveLength(18 + 96);
  expect([...encodeControls(new Set())]).toEqual([0x94, 0]);
  expect([...encodeControls(new Set(['up', 'a', 'start']))]).toEqual([0x94, 1 + 16 + 64]);
  expect([...encodeGiveSeat(3, 258)]).toEqual([0x95, 3, 2, 1, 0, 0]);
  const keys = Array.from({ length: 7 }, (_, i) => [4 + i, 0x40000000 + i] as const);
  const controls = encodeSeatControls(2, false, keys);
  expect(controls).toHaveLength(45);
  expect([...controls.subarray(0, 15)]).toEqual([0x96, 2, 0, 4, 0, 0, 0, 0, 0x40, 5, 0, 1, 0, 0, 0x40]);
});
