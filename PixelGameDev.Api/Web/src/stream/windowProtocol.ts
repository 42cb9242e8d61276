import { type Bytes, decodeText, MessageType, newMessage } from './protocol';

/** Messages of the game's window and clipboard that only newer sandboxes know. */

/** Longest text of the clipboard, bytes of UTF-8. */
export const maxClipboardBytes = 16 * 1024;

/** What the game's window is; `resizable`: its size may follow the page. */
export interface WindowState {
  resizable: boolean;
  width: number;
  height: number;
}

const encoder = new TextEncoder();

export function decodeWindow(payload: Uint8Array): WindowState {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return { resizable: view.getUint8(0) === 1, width: view.getUint16(1, true), height: view.getUint16(3, true) };
}

export function encodeRoom(seq: number, width: number, height: number): Bytes {
  const { bytes, view } = newMessage(MessageType.Room, 8);
  view.setUint32(1, seq, true);
  view.setUint16(5, width, true);
  view.setUint16(7, height, true);
  return bytes;
}

/** Returns undefined for text that is too long. */
export function encodePaste(seq: number, text: string): Bytes | undefined {
  // A text of C ends at its first zero.
  const content = encoder.encode(text.replace(/\0/g, ''));
  if (content.length > maxClipboardBytes) return undefined;
  const { bytes, view } = newMessage(MessageType.Paste, 4 + content.length);
  view.setUint32(1, seq, true);
  bytes.set(content, 5);
  return bytes;
}

export function decodeClipboard(payload: Uint8Array): string {
  return decodeText(payload);
}
