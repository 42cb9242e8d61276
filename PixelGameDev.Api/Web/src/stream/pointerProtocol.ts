import { type Bytes, MessageType, newMessage } from './protocol';

/** Messages of mouse, fingers and gamepads that only newer sandboxes know (State says `pointers`). */

/** Most fingers of one message. */
export const maxFingers = 10;
/** Gamepads have the numbers 0 … 3. */
export const maxGamepads = 4;
const maxAxes = 8;
const maxButtons = 32;
const maxNameBytes = 64;

/** One finger; `x` and `y` are shares of the picture, 0 … 1. */
export interface FingerPlace {
  id: number;
  x: number;
  y: number;
}

export interface GamepadState {
  index: number;
  /** True if axes and buttons have the order of the browser's standard layout. */
  standard: boolean;
  vendor: number;
  product: number;
  name: string;
  /** −32768 … 32767. */
  axes: readonly number[];
  /** 0 … 255. */
  buttons: readonly number[];
}

const encoder = new TextEncoder();
const short = (value: number): number => Math.max(-32768, Math.min(32767, value));

export function encodeMouseTurn(seq: number, x: number, y: number, buttons: number): Bytes {
  const { bytes, view } = newMessage(MessageType.MouseTurn, 9);
  view.setUint32(1, seq, true);
  view.setInt16(5, short(x), true);
  view.setInt16(7, short(y), true);
  view.setUint8(9, buttons);
  return bytes;
}

export function encodeMouseInside(seq: number, inside: boolean): Bytes {
  const { bytes, view } = newMessage(MessageType.MouseInside, 5);
  view.setUint32(1, seq, true);
  view.setUint8(5, inside ? 1 : 0);
  return bytes;
}

export function encodePreciseWheel(seq: number, turn: { x: number; y: number; preciseX: number; preciseY: number }): Bytes {
  const { bytes, view } = newMessage(MessageType.Wheel, 16);
  view.setUint32(1, seq, true);
  view.setInt16(5, short(turn.x), true);
  view.setInt16(7, short(turn.y), true);
  view.setFloat32(9, turn.preciseX, true);
  view.setFloat32(13, turn.preciseY, true);
  return bytes;
}

export function encodeFingers(seq: number, fingers: readonly FingerPlace[]): Bytes {
  const told = fingers.slice(0, maxFingers);
  const { bytes, view } = newMessage(MessageType.Fingers, 5 + told.length * 9);
  view.setUint32(1, seq, true);
  view.setUint8(5, told.length);
  told.forEach(({ id, x, y }, i) => {
    view.setUint8(6 + i * 9, id);
    view.setFloat32(7 + i * 9, x, true);
    view.setFloat32(11 + i * 9, y, true);
  });
  return bytes;
}

export function encodeGamepad(seq: number, pad: GamepadState): Bytes {
  const name = new Uint8Array(maxNameBytes);
  const { written } = encoder.encodeInto(pad.name, name);
  const axes = pad.axes.slice(0, maxAxes);
  const buttons = pad.buttons.slice(0, maxButtons);
  const { bytes, view } = newMessage(MessageType.Gamepad, 12 + 2 * axes.length + buttons.length + written);
  view.setUint32(1, seq, true);
  view.setUint8(5, pad.index);
  view.setUint8(6, 1 | (pad.standard ? 2 : 0));
  view.setUint16(7, pad.vendor, true);
  view.setUint16(9, pad.product, true);
  view.setUint8(11, axes.length);
  view.setUint8(12, buttons.length);
  axes.forEach((axis, i) => view.setInt16(13 + 2 * i, short(axis), true));
  bytes.set(buttons, 13 + 2 * axes.length);
  bytes.set(name.subarray(0, written), 13 + 2 * axes.length + buttons.length);
  return bytes;
}

export function encodeGamepadGone(seq: number, index: number): Bytes {
  const { bytes, view } = newMessage(MessageType.Gamepad, 12);
  view.setUint32(1, seq, true);
  view.setUint8(5, index);
  return bytes;
}

/** Returns how strongly each gamepad shakes, 0 … 1. `payload` is the message without its type byte. */
export function decodeRumble(payload: Uint8Array): { low: number; high: number }[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const strengths: { low: number; high: number }[] = [];
  for (let at = 0; at + 4 <= payload.length; at += 4)
    strengths.push({ low: view.getUint16(at, true) / 65535, high: view.getUint16(at + 2, true) / 65535 });
  return strengths;
}
