import { describe, expect, it } from 'vitest';
import { belongsToBrowser, type KeyLike, KeyTranslator, Mod } from './keys';
import { scancodes } from './scancodes';

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
    // As in SDL, the digits of a French keyboard are digits although they type signs.
    expect(keys.press(key('Digit1', '&'))).toMatchObject({ keycode: 49, text: '&' });
  });

  it('falls back to the place of the key for letters pygame has no name for', () => {
    expect(new KeyTranslator().press(key('KeyW', 'ц'))).toMatchObject({ keycode: 119, text: 'ц' });
  });

  it('sends no text for shortcuts, and the text of AltGr', () => {
    const keys = new KeyTranslator();
    expect(keys.press(key('KeyC', 'c', { ctrlKey: true }))!.text).toBe('');
    expect(keys.press(key('KeyQ', '@', { ctrlKey: true, altKey: true, locks: ['AltGraph'] }))).toMatchObject({
      text: '@',
      mods: 0,
    });
  });

  it('places keys of phone keyboards that send no code, and ignores the unknown', () => {
    const keys = new KeyTranslator();
    expect(keys.press(key('', 'x'))).toMatchObject({ scancode: 27 });
    expect(keys.press(key('', 'Unidentified'))).toBeNull();
  });
});

describe('KeyTranslator and keys that the browser never ends', () => {
  const shift = { shiftKey: true };

  it('lifts a modifier that the next event says is up', () => {
    const keys = new KeyTranslator();
    keys.press(key('ShiftRight', 'Shift', shift));
    expect(keys.reconcile(key('KeyN', 'n'), 'KeyN')).toEqual([{ down: false, scancode: 229, keycode: 0x400000e5, mods: 0, text: '' }]);
    expect(keys.press(key('KeyN', 'n'))!.mods).toBe(0);
  });

  it('presses a modifier that is down although its press went elsewhere', () => {
    const keys = new KeyTranslator();
    expect(keys.reconcile(key('KeyN', 'N', shift), 'KeyN')).toEqual([
      { down: true, scancode: 225, keycode: 0x400000e1, mods: Mod.leftShift, text: '' },
    ]);
    expect(keys.reconcile(key('KeyN', 'N', shift), 'KeyN')).toEqual([]);
  });

  it('leaves the modifier alone that the event is about, and Ctrl and Alt while AltGr is down', () => {
    const keys = new KeyTranslator();
    expect(keys.reconcile(key('ShiftLeft', 'Shift', shift), 'ShiftLeft')).toEqual([]);
    keys.press(key('AltRight', 'AltGraph', { locks: ['AltGraph'] }));
    expect(keys.reconcile(key('KeyE', '€', { locks: ['AltGraph'], ctrlKey: true, altKey: true }), 'KeyE')).toEqual([]);
    expect(keys.reconcile(key('KeyE', '€', { locks: ['AltGraph'] }), 'KeyE')).toEqual([]);
    expect(keys.reconcile(key('KeyE', 'e'), 'KeyE')).toMatchObject([{ down: false, scancode: 230 }]);
  });

  it('releases what went down, and only that', () => {
    const keys = new KeyTranslator();
    expect(keys.release(key('KeyA', 'a'))).toBeNull();
    keys.press(key('Minus', 'ß'));
    expect(keys.release(key('Minus', '?', shift))).toMatchObject({ keycode: 223 });
  });
});

describe('keycodes', () => {
  it('are the unmodified key with AltGr', () => {
    expect(new KeyTranslator().press(key('KeyE', 'é', { locks: ['AltGraph'] }))).toMatchObject({ keycode: 101, text: 'é' });
  });

  it('follow the layout that the browser tells, even for the first key with Shift', () => {
    const keys = new KeyTranslator();
    keys.useLayout(
      new Map([
        ['Minus', 'ß'],
        ['KeyW', 'ц'],
      ]),
    );
    expect(keys.press(key('Minus', '?', { shiftKey: true }))!.keycode).toBe(223);
    expect(keys.press(key('KeyW', 'Ц', { shiftKey: true }))!.keycode).toBe(119);
  });

  it('do not follow caps lock, which is Shift for the digits of some layouts', () => {
    expect(new KeyTranslator().press(key('Digit1', '!', { locks: ['CapsLock'] }))!.keycode).toBe(49);
  });

  it('turn caps lock on with its press and off with its next press, as SDL does', () => {
    const keys = new KeyTranslator();
    const on = { locks: ['CapsLock'] };
    expect(keys.press(key('CapsLock', 'CapsLock'))!.mods).toBe(Mod.caps);
    expect(keys.release(key('CapsLock', 'CapsLock', on))!.mods).toBe(Mod.caps);
    expect(keys.press(key('KeyA', 'A', on))!.mods).toBe(Mod.caps);
    expect(keys.press(key('CapsLock', 'CapsLock', on))!.mods).toBe(0);
    expect(keys.release(key('CapsLock', 'CapsLock', on))!.mods).toBe(0);
  });

  it('count ScrollLock themselves, until the browser has shown that it tells of it', () => {
    const keys = new KeyTranslator();
    expect(keys.press(key('ScrollLock', 'ScrollLock'))!.mods).toBe(Mod.scroll);
    expect(keys.release(key('ScrollLock', 'ScrollLock'))!.mods).toBe(Mod.scroll);
    expect(keys.press(key('KeyA', 'a'))!.mods).toBe(Mod.scroll);
    expect(keys.press(key('ScrollLock', 'ScrollLock'))!.mods).toBe(0);
    keys.release(key('ScrollLock', 'ScrollLock'));
    expect(keys.press(key('KeyB', 'b'))!.mods).toBe(0);
    expect(keys.press(key('KeyC', 'c', { locks: ['ScrollLock'] }))!.mods).toBe(Mod.scroll);
    expect(keys.press(key('KeyD', 'd'))!.mods).toBe(0);
  });

  it('have the text of keys that type several characters, and none for names of keys', () => {
    const keys = new KeyTranslator();
    expect(keys.press(key('KeyB', 'لا'))).toMatchObject({ keycode: 98, text: 'لا' });
    expect(keys.press(key('Enter', 'Enter'))!.text).toBe('');
    expect(keys.press(key('Quote', 'Dead'))!.text).toBe('');
  });
});

describe('belongsToBrowser', () => {
  it('leaves reload, zoom and tools to the browser', () => {
    expect(belongsToBrowser(key('F5', 'F5'))).toBe(true);
    expect(belongsToBrowser(key('Equal', '+', { ctrlKey: true }))).toBe(true);
    expect(belongsToBrowser(key('Digit0', '0', { ctrlKey: true }))).toBe(true);
    expect(belongsToBrowser(key('KeyI', 'I', { ctrlKey: true, shiftKey: true }))).toBe(true);
    expect(belongsToBrowser(key('KeyR', 'r', { metaKey: true }))).toBe(true);
  });

  it('gives the game Ctrl and letters, digits, arrows and Space', () => {
    for (const code of ['KeyA', 'KeyD', 'KeyS', 'KeyR', 'Digit1', 'ArrowUp', 'Space', 'ControlLeft']) {
      expect(belongsToBrowser(key(code, code.at(-1)!.toLowerCase(), { ctrlKey: true }))).toBe(false);
    }
    expect(belongsToBrowser(key('KeyW', 'w'))).toBe(false);
    expect(belongsToBrowser(key('MetaLeft', 'Meta', { metaKey: true }))).toBe(false);
  });
});
