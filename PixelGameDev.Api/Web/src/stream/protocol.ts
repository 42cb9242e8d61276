/** The page's half of docs/PROTOCOL.md: WebSocket messages are `u8 type` and a payload, little-endian. */

export const MessageType = {
  Frame: 0x01,
  Console: 0x02,
  InputRequest: 0x03,
  Caption: 0x04,
  Audio: 0x05,
  State: 0x06,
  Error: 0x07,
  Ended: 0x08,
  Stats: 0x09,
  Pong: 0x0a,
  Cursor: 0x0c,
  Rumble: 0x0e,
  CursorPicture: 0x0f,
  Window: 0x10,
  Clipboard: 0x11,
  NotSaved: 0x15,
  Seats: 0x17,
  Key: 0x81,
  MouseMove: 0x82,
  MouseButton: 0x83,
  Wheel: 0x84,
  Focus: 0x85,
  ConsoleInput: 0x86,
  KeyframeRequest: 0x87,
  Ack: 0x88,
  Ping: 0x89,
  View: 0x8a,
  Held: 0x8b,
  MouseTurn: 0x8c,
  MouseInside: 0x8d,
  Fingers: 0x8e,
  Gamepad: 0x8f,
  Text: 0x90,
  Room: 0x91,
  Paste: 0x92,
  Join: 0x93,
  Controls: 0x94,
  GiveSeat: 0x95,
  SeatControls: 0x96,
} as const;

export interface ErrorFrame {
  file: string;
  line: number;
  function: string;
  source?: string;
}

export interface ErrorReport {
  type: string;
  message: string;
  file?: string;
  line?: number;
  column?: number;
  frames: ErrorFrame[];
  text: string;
}

export interface SessionEnded {
  reason: string;
  message: string;
  detail?: string;
  exitCode?: number;
}

export interface SandboxStats {
  fps: number;
  captured: number;
  encoded: number;
  encodeMicros: number;
  bytes: number;
  dropped: number;
  gameMicros: number;
}

export interface SessionStateMessage {
  state: string;
  phases?: Record<string, number>;
  /** True if the sandbox understands Held. */
  held?: boolean;
  /** True if the sandbox understands MouseTurn, MouseInside, Fingers, Gamepad, five mouse buttons and fractions of the wheel. */
  pointers?: boolean;
  /** True if the sandbox understands Text. */
  text?: boolean;
  /** True if the sandbox understands Paste. */
  clipboard?: boolean;
  /** The session waits for a sandbox: this number of starts comes first. */
  waiting?: number;
}

/** Files that the game has written and that are not kept for the next run. */
export interface NotSavedMessage {
  files: { path: string; reason: 'size' | 'space' | 'files' | 'name' | 'code' }[];
  more?: number;
}

export type ConsoleStream = 'out' | 'err' | 'system';

export interface ConsoleMessage {
  stream: ConsoleStream;
  text: string;
}

/** One key as SDL knows it. */
export interface KeyInput {
  down: boolean;
  repeat: boolean;
  scancode: number;
  mods: number;
  keycode: number;
  text: string;
}

/** Bytes that own their memory, so that a WebSocket or another thread can take them. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
// Not fatal: a game may print any bytes, and the console shows what can be decoded.
const decoder = new TextDecoder('utf-8');

/** Begins a message; `size` is its length without the type byte. */
export function newMessage(type: number, size: number): { bytes: Bytes; view: DataView } {
  const bytes = new Uint8Array(1 + size);
  bytes[0] = type;
  return { bytes, view: new DataView(bytes.buffer) };
}

export function encodeKey(seq: number, key: KeyInput): Bytes {
  const text = encoder.encode(key.text);
  const { bytes, view } = newMessage(MessageType.Key, 14 + text.length);
  view.setUint32(1, seq, true);
  view.setUint8(5, key.down ? 1 : 0);
  view.setUint8(6, key.repeat ? 1 : 0);
  view.setUint16(7, key.scancode, true);
  view.setUint16(9, key.mods, true);
  view.setUint32(11, key.keycode, true);
  bytes.set(text, 15);
  return bytes;
}

/** Text that no single key has typed. `committed`: it is finished; otherwise an input method still edits it. */
export interface TextInput {
  committed: boolean;
  text: string;
  /** Cursor and length of the selection in text that is being edited, characters. */
  start: number;
  length: number;
}

export function encodeText(seq: number, { committed, text, start, length }: TextInput): Bytes {
  const content = encoder.encode(text);
  const { bytes, view } = newMessage(MessageType.Text, 9 + content.length);
  view.setUint32(1, seq, true);
  view.setUint8(5, committed ? 1 : 0);
  view.setUint16(6, start, true);
  view.setUint16(8, length, true);
  bytes.set(content, 10);
  return bytes;
}

export function encodeMouseMove(seq: number, x: number, y: number, buttons: number): Bytes {
  const { bytes, view } = newMessage(MessageType.MouseMove, 9);
  view.setUint32(1, seq, true);
  view.setInt16(5, x, true);
  view.setInt16(7, y, true);
  view.setUint8(9, buttons);
  return bytes;
}

export function encodeMouseButton(seq: number, button: number, down: boolean, x: number, y: number): Bytes {
  const { bytes, view } = newMessage(MessageType.MouseButton, 10);
  view.setUint32(1, seq, true);
  view.setUint8(5, button);
  view.setUint8(6, down ? 1 : 0);
  view.setInt16(7, x, true);
  view.setInt16(9, y, true);
  return bytes;
}

export function encodeWheel(seq: number, x: number, y: number): Bytes {
  const { bytes, view } = newMessage(MessageType.Wheel, 8);
  view.setUint32(1, seq, true);
  view.setInt16(5, x, true);
  view.setInt16(7, y, true);
  return bytes;
}

export function encodeFocus(seq: number, focused: boolean): Bytes {
  const { bytes, view } = newMessage(MessageType.Focus, 5);
  view.setUint32(1, seq, true);
  view.setUint8(5, focused ? 1 : 0);
  return bytes;
}

/** Most keys of one Held message. */
const maxHeldKeys = 32;

/** `keys`: scancode → keycode. */
export function encodeHeld(focused: boolean, buttons: number, mods: number, keys: ReadonlyMap<number, number>): Bytes {
  const told = [...keys].slice(0, maxHeldKeys);
  const { bytes, view } = newMessage(MessageType.Held, 5 + told.length * 6);
  view.setUint8(1, focused ? 1 : 0);
  view.setUint8(2, buttons);
  view.setUint16(3, mods, true);
  view.setUint8(5, told.length);
  told.forEach(([scancode, keycode], i) => {
    view.setUint16(6 + i * 6, scancode, true);
    view.setUint32(8 + i * 6, keycode, true);
  });
  return bytes;
}

/** The longest answer to `input()`, bytes of UTF-8. */
export const maxConsoleInput = 4096;

export function encodeConsoleInput(line: string): Bytes {
  const target = new Uint8Array(1 + maxConsoleInput);
  target[0] = MessageType.ConsoleInput;
  // encodeInto never cuts a character.
  const { written } = encoder.encodeInto(line.replace(/[\r\n]+/g, ' '), target.subarray(1));
  return target.slice(0, 1 + written);
}

export function encodeKeyframeRequest(): Bytes {
  return Uint8Array.of(MessageType.KeyframeRequest);
}

export function encodeAck(frame: number, decodeMicros: number): Bytes {
  const { bytes, view } = newMessage(MessageType.Ack, 8);
  view.setUint32(1, frame >>> 0, true);
  view.setUint32(5, Math.min(0xffffffff, Math.max(0, Math.round(decodeMicros))), true);
  return bytes;
}

export function encodePing(value: bigint): Bytes {
  const { bytes, view } = newMessage(MessageType.Ping, 8);
  view.setBigUint64(1, value, true);
  return bytes;
}

export function encodeView(visible: boolean, maxFps: number): Bytes {
  return Uint8Array.of(MessageType.View, visible ? 1 : 0, Math.min(60, Math.max(1, maxFps)));
}

/** `payload` everywhere below is the message without its type byte. */
export function decodeText(payload: Uint8Array): string {
  return decoder.decode(payload);
}

export function decodeJson<T>(payload: Uint8Array): T {
  return JSON.parse(decoder.decode(payload)) as T;
}

export function decodeConsole(payload: Uint8Array): ConsoleMessage {
  const stream = payload[0] === 1 ? 'out' : payload[0] === 2 ? 'err' : 'system';
  return { stream, text: decoder.decode(payload.subarray(1)) };
}

/** `echo` is what Ping sent, `time` the sandbox's clock in microseconds, modulo 2³². */
export function decodePong(payload: Uint8Array): { echo: bigint; time: number } {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return { echo: view.getBigUint64(0, true), time: view.getUint32(8, true) };
}

/** The game's mouse cursor; `shape` is SDL's number of a system cursor, `relative`: the game looks around with the mouse. */
export interface CursorState {
  visible: boolean;
  grabbed: boolean;
  shape: number;
  relative: boolean;
}

export function decodeCursor(payload: Uint8Array): CursorState {
  return { visible: payload[0] !== 0, grabbed: payload[1] === 1, shape: payload[2] ?? 0, relative: payload[3] === 1 };
}
