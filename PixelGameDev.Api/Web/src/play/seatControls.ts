import type { SeatControls } from '../api/types';
import type { Bytes } from '../stream/protocol';
import { encodeSeatControls, seatNumbers } from '../stream/seatProtocol';
import { controlKeycodes, fromScancode, scancodes, usCharacters } from './scancodes';
import { defaultSeats } from './seatDefaults';

/** Returns the messages that tell the server what the players 2 to 4 press. */
export function encodeSeats(seats: readonly SeatControls[] | null | undefined): Bytes[] {
  return (seats ?? defaultSeats).map(({ kind, keys }, i) => encodeSeatControls(seatNumbers[i]!, kind === 'gamepad', keys.map(keyOf)));
}

/** Returns the scancode and the keycode of a key, as pygame names them; zeros for a key that it does not know. */
function keyOf(code: string): readonly [number, number] {
  const scancode = scancodes[code] ?? 0;
  return [scancode, controlKeycodes[code] ?? usCharacters[code]?.charCodeAt(0) ?? (scancode && fromScancode | scancode)];
}
