import type { SeatControls } from '../api/types';

/** Signs of the controls that no language has a word for. */
export const seatSigns: Readonly<Record<string, string>> = { a: 'A', b: 'B', start: 'Start' };

const keys = (...codes: string[]): SeatControls => ({ kind: 'keys', keys: codes });

/**
 * What the players 2 to 4 press if nobody has chosen it: up, down, left, right, A, B, Start. All keys differ, and differ from the arrows,
 * Space and Enter of player 1.
 */
export const defaultSeats: readonly SeatControls[] = [
  keys('KeyW', 'KeyS', 'KeyA', 'KeyD', 'ShiftLeft', 'KeyQ', 'Digit2'),
  keys('KeyI', 'KeyK', 'KeyJ', 'KeyL', 'KeyO', 'KeyU', 'Digit3'),
  keys('KeyT', 'KeyG', 'KeyF', 'KeyH', 'KeyY', 'KeyR', 'Digit4'),
];
