import { describe, expect, it } from 'vitest';
import {
  decodeConsole,
  decodePong,
  encodeAck,
  encodeConsoleInput,
  encodeFocus,
  encodeKey,
  encodeKeyframeRequest,
  encodeMouseButton,
  encodeMouseMove,
  encodePing,
  encodeView,
  encodeWheel,
  maxConsoleInput,
} from './protocol';

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');

// Byte for byte as in docs/PROTOCOL.md.
describe('messages of the page', () => {
  it('Key', () => {
    const bytes = encodeKey(0x01020304, { down: true, repeat: false, scancode: 79, mods: 0x0101, keycode: 0x4000004f, text: 'é' });
    expect(hex(bytes)).toBe('81 04 03 02 01 01 00 4f 00 01 01 4f 00 00 40 c3 a9');
  });
  it('MouseMove', () => expect(hex(encodeMouseMove(7, -1, 300, 5))).toBe('82 07 00 00 00 ff ff 2c 01 05'));
  it('MouseButton', () => expect(hex(encodeMouseButton(7, 3, true, 1, 2))).toBe('83 07 00 00 00 03 01 01 00 02 00'));
  it('Wheel', () => expect(hex(encodeWheel(7, 0, -1))).toBe('84 07 00 00 00 00 00 ff ff'));
  it('Focus', () => expect(hex(encodeFocus(7, true))).toBe('85 07 00 00 00 01'));
  it('KeyframeRequest', () => expect(hex(encodeKeyframeRequest())).toBe('87'));
  it('Ack', () => expect(hex(encodeAck(2 ** 32 - 1, 1234.6))).toBe('88 ff ff ff ff d3 04 00 00'));
  it('Ping', () => expect(hex(encodePing(0x0102030405060708n))).toBe('89 08 07 06 05 04 03 02 01'));
  it('View', () => {
    expect(hex(encodeView(true, 60))).toBe('8a 01 3c');
    expect(hex(encodeView(false, 0))).toBe('8a 00 01');
  });
  it('ConsoleInput is one line, cut between characters at its limit', () => {
    expect(hex(encodeConsoleInput('a\r\nb'))).toBe('86 61 20 62');
    const long = encodeConsoleInput('é'.repeat(maxConsoleInput));
    expect(long.length).toBe(1 + maxConsoleInput);
    expect(encodeConsoleInput(`x${'é'.repeat(maxConsoleInput)}`).length).toBe(maxConsoleInput);
  });
});

describe('messages to the page', () => {
  it('Console knows its stream, and survives bytes that are no text', () => {
    expect(decodeConsole(Uint8Array.of(1, 0x68, 0x69))).toEqual({ stream: 'out', text: 'hi' });
    expect(decodeConsole(Uint8Array.of(2, 0xff))).toEqual({ stream: 'err', text: '\ufffd' });
    expect(decodeConsole(Uint8Array.of(3))).toEqual({ stream: 'system', text: '' });
  });
  it('Pong gives back what Ping sent', () => {
    expect(decodePong(Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1, 9, 0, 0, 1))).toEqual({ echo: 0x0102030405060708n, time: 0x01000009 });
  });
});
