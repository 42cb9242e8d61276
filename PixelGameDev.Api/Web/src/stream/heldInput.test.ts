import { describe, expect, it } from 'vitest';
import { HeldInput } from './heldInput';
import { encodeFingers, encodeGamepad, encodeGamepadGone, encodeMouseInside, encodeMouseTurn } from './pointerProtocol';
import { encodeFocus, MessageType } from './protocol';

const pad = { index: 1, standard: true, vendor: 1, product: 2, name: 'P', axes: [5], buttons: [255] };
const buttonsIn = (held: HeldInput): number => held.encode()[2]!;

describe('HeldInput', () => {
  it('repeats fingers and gamepads as whole messages with the newest number, before the rest', () => {
    const held = new HeldInput();
    held.note(encodeFingers(1, [{ id: 0, x: 0.5, y: 1 }]));
    held.note(encodeGamepad(2, pad));
    held.note(encodeMouseInside(3, true));
    expect(held.messages()).toEqual([encodeFingers(3, [{ id: 0, x: 0.5, y: 1 }]), encodeGamepad(3, pad), held.encode()]);
    expect(buttonsIn(held)).toBe(0x20 | 0x40 | 0x80);
    held.note(encodeFingers(4, []));
    held.note(encodeGamepadGone(5, 1));
    held.note(encodeMouseInside(6, false));
    expect(held.messages()).toEqual([held.encode()]);
    expect(buttonsIn(held)).toBe(0);
  });

  it('loses buttons with the keyboard, but neither mouse, fingers nor gamepads', () => {
    const held = new HeldInput();
    held.note(encodeMouseInside(1, true));
    held.note(encodeMouseTurn(2, 5, 5, 0b10001));
    expect(buttonsIn(held)).toBe(0x91);
    held.note(encodeFocus(3, false));
    expect(buttonsIn(held)).toBe(0x80);
    held.clear();
    expect(held.encode()).toEqual(Uint8Array.of(MessageType.Held, 0, 0, 0, 0, 0));
  });
});
