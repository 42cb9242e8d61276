import { describe, expect, it } from 'vitest';
import { identify, stateOf } from './gamepads';

const button = (value: number, pressed = value > 0): GamepadButton => ({ value, pressed, touched: pressed });

describe('gamepads', () => {
  it('reads name and numbers of Chromium and of Firefox', () => {
    expect(identify('Xbox 360 Controller (STANDARD GAMEPAD Vendor: 045e Product: 028e)')).toEqual({
      name: 'Xbox 360 Controller',
      vendor: 0x45e,
      product: 0x28e,
    });
    expect(identify('Some Stick (Vendor: 0079 Product: 0006)')).toEqual({ name: 'Some Stick', vendor: 0x79, product: 6 });
    expect(identify('54c-9cc-Wireless Controller')).toEqual({ name: 'Wireless Controller', vendor: 0x54c, product: 0x9cc });
    expect(identify('Wireless thing (anything)')).toEqual({ name: 'Wireless thing', vendor: 0, product: 0 });
    expect(identify('').name).toBe('Gamepad');
  });

  it('sends whole ranges, and a trembling stick as a resting one', () => {
    const pad = {
      id: 'x',
      index: 1,
      mapping: 'standard' as const,
      axes: [1, -1, 0.003, -0.5],
      buttons: [button(1), button(0.5), button(0, true)],
    };
    expect(stateOf(pad)).toMatchObject({ index: 1, standard: true, axes: [32767, -32767, 0, -16383], buttons: [255, 128, 255] });
    expect(stateOf(pad, true)).toMatchObject({ axes: [0, 0, 0, 0], buttons: [0, 0, 0] });
  });
});
