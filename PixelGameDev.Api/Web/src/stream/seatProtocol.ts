import { type Bytes, MessageType, newMessage } from './protocol';

/** The controls of a seat, in the order of the bits of Controls. */
export const seatButtons = ['up', 'down', 'left', 'right', 'a', 'b', 'start'] as const;
export type SeatButton = (typeof seatButtons)[number];

/** Player 1 is the owner; others may get the seats 2 to 4. */
export const seatNumbers = [2, 3, 4] as const;

export interface SeatPerson {
  number: number;
  /** Empty: a guest with a number. */
  name: string;
  /** 0: none. */
  seat: number;
  wantsToPlay: boolean;
  /** For the owner only: the same in each Run. */
  id?: string;
}

/** Who plays what. `people` is for the owner only; `you` is the watcher itself. */
export interface SeatsMessage {
  seats: SeatPerson[];
  people?: SeatPerson[];
  you?: SeatPerson;
}

/** Most bytes of a name. */
const maxName = 96;
const keyBytes = 16;

/** `key`: 16 random bytes, by which the next connection of this page gets the same seat. */
export function encodeJoin(wantsToPlay: boolean, key: Uint8Array, name: string): Bytes {
  const text = new Uint8Array(maxName);
  // encodeInto never cuts a character.
  const { written } = new TextEncoder().encodeInto(name, text);
  const { bytes } = newMessage(MessageType.Join, 1 + keyBytes + written);
  bytes[1] = wantsToPlay ? 1 : 0;
  bytes.set(key.subarray(0, keyBytes), 2);
  bytes.set(text.subarray(0, written), 2 + keyBytes);
  return bytes;
}

export function encodeControls(held: ReadonlySet<SeatButton>): Bytes {
  return Uint8Array.of(
    MessageType.Controls,
    seatButtons.reduce((bits, button, i) => bits | (held.has(button) ? 1 << i : 0), 0),
  );
}

/** `person`: the number of a person, or 0 to take the seat back. */
export function encodeGiveSeat(seat: number, person: number): Bytes {
  const { bytes, view } = newMessage(MessageType.GiveSeat, 5);
  view.setUint8(1, seat);
  view.setUint32(2, person, true);
  return bytes;
}

/** `keys`: scancode and keycode of each control. */
export function encodeSeatControls(seat: number, gamepad: boolean, keys: readonly (readonly [number, number])[]): Bytes {
  const { bytes, view } = newMessage(MessageType.SeatControls, 2 + seatButtons.length * 6);
  view.setUint8(1, seat);
  view.setUint8(2, gamepad ? 1 : 0);
  keys.slice(0, seatButtons.length).forEach(([scancode, keycode], i) => {
    view.setUint16(3 + i * 6, scancode, true);
    view.setUint32(5 + i * 6, keycode, true);
  });
  return bytes;
}
