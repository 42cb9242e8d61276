/**
 * Translates browser keys to SDL 2. The scancode is the key's place on the keyboard (USB HID usage, SDL_scancode.h). The keycode is
 * what the person's layout puts there (SDL_keycode.h): the character itself, or the scancode with bit 30 set.
 */

/** KeyboardEvent.code → SDL scancode. */
export const scancodes: Readonly<Record<string, number>> = (() => {
  const table: Record<string, number> = {
    Enter: 40,
    Escape: 41,
    Backspace: 42,
    Tab: 43,
    Space: 44,
    Minus: 45,
    Equal: 46,
    BracketLeft: 47,
    BracketRight: 48,
    Backslash: 49,
    IntlHash: 50,
    Semicolon: 51,
    Quote: 52,
    Backquote: 53,
    Comma: 54,
    Period: 55,
    Slash: 56,
    CapsLock: 57,
    PrintScreen: 70,
    ScrollLock: 71,
    Pause: 72,
    Insert: 73,
    Home: 74,
    PageUp: 75,
    Delete: 76,
    End: 77,
    PageDown: 78,
    ArrowRight: 79,
    ArrowLeft: 80,
    ArrowDown: 81,
    ArrowUp: 82,
    NumLock: 83,
    NumpadDivide: 84,
    NumpadMultiply: 85,
    NumpadSubtract: 86,
    NumpadAdd: 87,
    NumpadEnter: 88,
    Numpad0: 98,
    NumpadDecimal: 99,
    IntlBackslash: 100,
    ContextMenu: 101,
    NumpadEqual: 103,
    NumpadComma: 133,
    IntlRo: 135,
    KanaMode: 136,
    IntlYen: 137,
    Convert: 138,
    NonConvert: 139,
    ControlLeft: 224,
    ShiftLeft: 225,
    AltLeft: 226,
    MetaLeft: 227,
    ControlRight: 228,
    ShiftRight: 229,
    AltRight: 230,
    MetaRight: 231,
  };
  for (let i = 0; i < 26; i++) table[`Key${String.fromCharCode(65 + i)}`] = 4 + i;
  for (let i = 1; i <= 9; i++) {
    table[`Digit${i}`] = 29 + i;
    table[`Numpad${i}`] = 88 + i;
  }
  table['Digit0'] = 39;
  for (let i = 1; i <= 12; i++) table[`F${i}`] = 57 + i;
  for (let i = 13; i <= 24; i++) table[`F${i}`] = 104 + i - 13;
  return table;
})();

const fromScancode = 0x40000000;

/** Keycodes that are characters although the key types no letter. */
const controlKeycodes: Readonly<Record<string, number>> = {
  Enter: 13,
  Escape: 27,
  Backspace: 8,
  Tab: 9,
  Space: 32,
  Delete: 127,
};

/** The character of each place on a US keyboard, for layouts whose letters have no names in pygame. */
const usCharacters: Readonly<Record<string, string>> = (() => {
  const table: Record<string, string> = {
    Minus: '-',
    Equal: '=',
    BracketLeft: '[',
    BracketRight: ']',
    Backslash: '\\',
    IntlHash: '#',
    Semicolon: ';',
    Quote: "'",
    Backquote: '`',
    Comma: ',',
    Period: '.',
    Slash: '/',
    IntlBackslash: '\\',
  };
  for (let i = 0; i < 26; i++) table[`Key${String.fromCharCode(65 + i)}`] = String.fromCharCode(97 + i);
  for (let i = 0; i <= 9; i++) table[`Digit${i}`] = String(i);
  return table;
})();

export const Mod = {
  leftShift: 0x0001,
  rightShift: 0x0002,
  leftCtrl: 0x0040,
  rightCtrl: 0x0080,
  leftAlt: 0x0100,
  rightAlt: 0x0200,
  leftMeta: 0x0400,
  rightMeta: 0x0800,
  num: 0x1000,
  caps: 0x2000,
  altGr: 0x4000,
} as const;

/** The part of KeyboardEvent that decides what is sent; tests pass plain objects. */
export interface KeyLike {
  code: string;
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  getModifierState(name: string): boolean;
}

export interface SdlKey {
  scancode: number;
  keycode: number;
  mods: number;
  text: string;
}

/** Remembers which keys are down and what the layout puts on each, so that Shift+1 is still the key "1". */
export class KeyTranslator {
  private readonly pressed = new Set<string>();
  private readonly learned = new Map<string, number>();

  /** The keys that are down now, by code. */
  get held(): ReadonlySet<string> {
    return this.pressed;
  }

  press(event: KeyLike): SdlKey | null {
    const code = codeOf(event);
    if (code === null) return null;
    this.pressed.add(code);
    return this.translate(event, code, true);
  }

  release(event: KeyLike): SdlKey | null {
    const code = codeOf(event);
    if (code === null) return null;
    this.pressed.delete(code);
    return this.translate(event, code, false);
  }

  /** Forgets all held keys (Focus has told the game). */
  clear(): void {
    this.pressed.clear();
  }

  private translate(event: KeyLike, code: string, down: boolean): SdlKey {
    const scancode = scancodes[code]!;
    return {
      scancode,
      keycode: this.keycode(event, code, scancode),
      mods: this.mods(event),
      text: down ? typedText(event) : '',
    };
  }

  private keycode(event: KeyLike, code: string, scancode: number): number {
    const control = controlKeycodes[code];
    if (control !== undefined) return control;
    const us = usCharacters[code];
    if (us === undefined) return fromScancode | scancode;

    const plain = !event.shiftKey && !event.getModifierState('AltGraph') && !event.ctrlKey && !event.altKey;
    const character = event.key.length === 1 ? event.key : '';
    const lower = character.toLowerCase();
    // A letter is the same key with or without Shift; other characters count only without modifiers.
    const isLetter = lower !== character.toUpperCase();
    if (character !== '' && (plain || isLetter) && lower.length === 1 && lower.charCodeAt(0) < 0x100) {
      const keycode = lower.charCodeAt(0);
      if (!event.ctrlKey && !event.altKey) this.learned.set(code, keycode);
      return keycode;
    }
    return this.learned.get(code) ?? us.charCodeAt(0);
  }

  private mods(event: KeyLike): number {
    let mods = 0;
    const pair = (active: boolean, left: string, right: string, leftMod: number, rightMod: number): void => {
      const l = this.pressed.has(left);
      const r = this.pressed.has(right);
      if (l) mods |= leftMod;
      if (r) mods |= rightMod;
      // Pressed before the canvas had the keyboard, so the side is unknown.
      if (active && !l && !r) mods |= leftMod;
    };
    const altGr = event.getModifierState('AltGraph');
    pair(event.shiftKey, 'ShiftLeft', 'ShiftRight', Mod.leftShift, Mod.rightShift);
    pair(event.ctrlKey && !altGr, 'ControlLeft', 'ControlRight', Mod.leftCtrl, Mod.rightCtrl);
    pair(event.altKey && !altGr, 'AltLeft', 'AltRight', Mod.leftAlt, Mod.rightAlt);
    pair(event.metaKey, 'MetaLeft', 'MetaRight', Mod.leftMeta, Mod.rightMeta);
    if (event.getModifierState('NumLock')) mods |= Mod.num;
    if (event.getModifierState('CapsLock')) mods |= Mod.caps;
    if (altGr) mods |= Mod.altGr;
    return mods;
  }
}

/** Returns the code of a key. Some phone keyboards send none; letters, digits and a few named keys can still be assigned. */
function codeOf(event: KeyLike): string | null {
  if (scancodes[event.code] !== undefined) return event.code;
  if (event.code !== '') return null;
  if (/^[a-z]$/i.test(event.key)) return `Key${event.key.toUpperCase()}`;
  if (/^[0-9]$/.test(event.key)) return `Digit${event.key}`;
  if (event.key === ' ') return 'Space';
  return scancodes[event.key] !== undefined ? event.key : null;
}

function typedText(event: KeyLike): string {
  const single = [...event.key].length === 1;
  const shortcut = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState('AltGraph');
  return single && !shortcut ? event.key : '';
}

/** Returns true if the browser's own shortcut must win over the game (reload, tabs, zoom, developer tools). */
export function belongsToBrowser(event: KeyLike): boolean {
  if (event.code === 'F5' || event.code === 'F12') return true;
  if (event.metaKey) return true;
  const arrows = event.code.startsWith('Arrow');
  const modifierOnly = /^(Control|Shift|Alt|Meta)/.test(event.code);
  return event.ctrlKey && !event.getModifierState('AltGraph') && !arrows && !modifierOnly && event.code !== 'Space';
}
