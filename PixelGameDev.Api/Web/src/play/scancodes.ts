/** Tables of SDL 2's keys: the scancode is the key's place on the keyboard (USB HID usage, SDL_scancode.h). */

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

export const fromScancode = 0x40000000;

/** Keycodes that are characters although the key types no letter. */
export const controlKeycodes: Readonly<Record<string, number>> = {
  Enter: 13,
  Escape: 27,
  Backspace: 8,
  Tab: 9,
  Space: 32,
  Delete: 127,
};

/** The character of each place on a US keyboard, for layouts whose letters have no names in pygame. */
export const usCharacters: Readonly<Record<string, string>> = (() => {
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
    IntlYen: '\\',
    IntlRo: '\\',
  };
  for (let i = 0; i < 26; i++) table[`Key${String.fromCharCode(65 + i)}`] = String.fromCharCode(97 + i);
  for (let i = 0; i <= 9; i++) table[`Digit${i}`] = String(i);
  return table;
})();
