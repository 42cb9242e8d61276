import { describe, expect, it } from 'vitest';
import { belongsToBrowser, type KeyLike, KeyTranslator, Mod, scancodes } from './keys';

const key = (code: string, name: string, more: Partial<KeyLike> & { locks?: string[] } = {}): KeyLike => ({
  code,
  key: name,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  getModifierState: (lock) => more.locks?.includes(lock) ?? false,
  ...more,
});

describe('scancodes', () => {
  // Reference values: USB HID usage tables, keyboard page (0x07).
  it.each([
    ['KeyA', 4],
    ['KeyZ', 29],
    ['Digit1', 30],
    ['Digit9', 38],
    ['Digit0', 39],
    ['Enter', 40],
    ['Escape', 41],
    ['Space', 44],
    ['F1', 58],
    ['F12', 69],
    ['ArrowRight', 79],
    ['ArrowLeft', 80],
    ['ArrowDown', 81],
    ['ArrowUp', 82],
    ['Numpad1', 89],
    ['Numpad9', 97],
    ['Numpad0', 98],
    ['F13', 104],
    ['F24', 115],
    ['ControlLeft', 224],
    ['MetaRight', 231],
  ])('%s is %i', (code, scancode) => {
    expect(scancodes[code]).toBe(scancode);
  });
});

describe('KeyTranslator', () => {
  it('sends letters as their lower-case character, typed text beside it', () => {
    const keys = new KeyTranslator();
    expect(keys.press(key('KeyA', 'a'))).toEqual({ scancode: 4, keycode: 97, mods: 0, text: 'a' });
    expect(keys.release(key('KeyA', 'a'))).toMatchObject({ keycode: 97, text: '' });
  });

  it('knows the side of a held modifier and the text it makes', () => {
    const keys = new KeyTranslator();
    keys.press(key('ShiftRight', 'Shift', { shiftKey: true }));
    expect(keys.press(key('KeyA', 'A', { shiftKey: true }))).toMatchObject({ keycode: 97, mods: Mod.rightShift, text: 'A' });
    keys.release(key('ShiftRight', 'Shift'));
    expect(keys.press(key('KeyB', 'b'))).toMatchObject({ mods: 0 });
  });

  it('gives arrows and function keys the keycode SDL makes of their scancode', () => {
    const keys = new KeyTranslator();
    expect(keys.press(key('ArrowRight', 'ArrowRight'))!.keycode).toBe(0x4000004f);
    expect(keys.press(key('F1', 'F1'))).toMatchObject({ keycode: 0x4000003a, text: '' });
    expect(keys.press(key('Delete', 'Delete'))!.keycode).toBe(127);
    expect(keys.press(key('Space', ' '))).toMatchObject({ keycode: 32, text: ' ' });
  });

  it('follows the layout of the person: on a French keyboard the key beside Tab is "a"', () => {
    expect(new KeyTranslator().press(key('KeyQ', 'a'))).toMatchObject({ scancode: 20, keycode: 97 });
  });

  it('keeps Shift+1 the key "1", also where the layout has something else there', () => {
    const keys = new KeyTranslator();
    expect(keys.press(key('Digit1', '!', { shiftKey: true }))).toMatchObject({ keycode: 49, text: '!' });
    keys.press(key('Digit1', '&'));
    expect(keys.press(key('Digit1', '1', { shiftKey: true }))).toMatchObject({ keycode: 38, text: '1' });
  });

  it('falls back to the place of the key for letters pygame has no name for', () => {
    expect(new KeyTranslator().press(key('KeyW', 'ц'))).toMatchObject({ keycode: 119, text: 'ц' });
  });

  it('sends no text for shortcuts, and the text of AltGr', () => {
    const keys = new KeyTranslator();
    expect(keys.press(key('KeyC', 'c', { ctrlKey: true }))!.text).toBe('');
    expect(keys.press(key('KeyQ', '@', { ctrlKey: true, altKey: true, locks: ['AltGraph'] }))).toMatchObject({
      text: '@',
      mods: Mod.altGr,
    });
  });

  it('places keys of phone keyboards that send no code, and ignores the unknown', () => {
    const keys = new KeyTranslator();
    expect(keys.press(key('', 'x'))).toMatchObject({ scancode: 27 });
    expect(keys.press(key('', 'Unidentified'))).toBeNull();
  });
});

describe('belongsToBrowser', () => {
  it('leaves reload and tabs to the browser, and Ctrl itself, Ctrl+Space and Ctrl+arrow to the game', () => {
    expect(belongsToBrowser(key('F5', 'F5'))).toBe(true);
    expect(belongsToBrowser(key('KeyT', 't', { ctrlKey: true }))).toBe(true);
    expect(belongsToBrowser(key('ControlLeft', 'Control', { ctrlKey: true }))).toBe(false);
    expect(belongsToBrowser(key('ArrowUp', 'ArrowUp', { ctrlKey: true }))).toBe(false);
    expect(belongsToBrowser(key('Space', ' ', { ctrlKey: true }))).toBe(false);
    expect(belongsToBrowser(key('KeyW', 'w'))).toBe(false);
  });
});
