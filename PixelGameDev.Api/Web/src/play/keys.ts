/**
 * Translates browser keys to SDL 2. The scancode is the key's place on the keyboard. The keycode is what the person's layout puts there
 * (SDL_keycode.h): the character itself, or the scancode with bit 30 set.
 */

import { controlKeycodes, fromScancode, scancodes, usCharacters } from './scancodes';

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
  scroll: 0x8000,
} as const;

/** The modifiers that keyboard, mouse and wheel events tell; tests pass plain objects. */
export interface ModifierState {
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  getModifierState(name: string): boolean;
}

/** The part of KeyboardEvent that decides what is sent. */
export interface KeyLike extends ModifierState {
  code: string;
  key: string;
}

export interface SdlKey {
  scancode: number;
  keycode: number;
  mods: number;
  text: string;
}

export interface SdlKeyChange extends SdlKey {
  down: boolean;
}

/** Keys that turn a modifier on and off: SDL counts it from the press on; browsers differ. */
const locks = [
  ['CapsLock', Mod.caps],
  ['NumLock', Mod.num],
  ['ScrollLock', Mod.scroll],
] as const;

type Flag = 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey';

const sides: readonly (readonly [Flag, string, string, number, number])[] = [
  ['shiftKey', 'ShiftLeft', 'ShiftRight', Mod.leftShift, Mod.rightShift],
  ['ctrlKey', 'ControlLeft', 'ControlRight', Mod.leftCtrl, Mod.rightCtrl],
  ['altKey', 'AltLeft', 'AltRight', Mod.leftAlt, Mod.rightAlt],
  ['metaKey', 'MetaLeft', 'MetaRight', Mod.leftMeta, Mod.rightMeta],
];

/** Remembers which keys are down and what the layout puts on each, so that Shift+1 is still the key "1". */
export class KeyTranslator {
  /** Code → keycode of each key that is down. */
  private readonly pressed = new Map<string, number>();
  private readonly learned = new Map<string, number>();
  /** Code → character without modifiers, if the browser tells. */
  private layout: ReadonlyMap<string, string> | undefined;
  /** The lock modifiers that are on. */
  private locked = 0;
  /** True once the browser has told that ScrollLock is on. On Linux and macOS it never does. */
  private tellsScrollLock = false;

  /** Takes the layout that the browser tells; undefined: it tells none. What was learned may be of another one. */
  useLayout(layout: ReadonlyMap<string, string> | undefined): void {
    this.layout = layout;
    this.learned.clear();
  }

  isDown(code: string): boolean {
    return this.pressed.has(code);
  }

  /** Returns the press of a key; null for a key that SDL does not know. */
  press(event: KeyLike): SdlKey | null {
    const code = codeOf(event);
    if (code === null) return null;
    const scancode = scancodes[code]!;
    const keycode = this.keycode(event, code, scancode);
    if (!this.pressed.has(code)) for (const [lock, mod] of locks) if (code === lock) this.locked ^= mod;
    this.pressed.set(code, keycode);
    return { scancode, keycode, mods: this.mods(event), text: typedText(event) };
  }

  /**
   * Makes a dead key of a key that is down: as in SDL, it has no keycode, because a game must not take it for its accent. A digit whose
   * Shift is dead stays a digit.
   */
  makeDead(key: SdlKey): SdlKey {
    if (key.keycode >= 0x30 && key.keycode <= 0x39) return key;
    for (const code of this.pressed.keys()) if (scancodes[code] === key.scancode) this.pressed.set(code, fromScancode);
    return { ...key, keycode: fromScancode };
  }

  /** Returns the release of a key that is down: the same key that went down, even if Shift has changed its character since. */
  release(event: KeyLike): SdlKey | null {
    const code = codeOf(event);
    return code === null ? null : this.lift(event, code);
  }

  /**
   * Returns the changes that the event proves and no key event has told: a modifier that is up although its keyup never came, or down
   * although its keydown went elsewhere. `of`: the code of the key that the event itself is about.
   */
  reconcile(event: ModifierState, of = ''): SdlKeyChange[] {
    const changes: SdlKeyChange[] = [];
    for (const [flag, left, right] of sides) {
      if (of === left || of === right) continue;
      // With AltGr, the flags of Ctrl and Alt differ by system.
      if ((flag === 'ctrlKey' || flag === 'altKey') && event.getModifierState('AltGraph')) continue;
      const held = [left, right].filter((code) => this.pressed.has(code));
      if (event[flag] && held.length === 0) {
        const keycode = fromScancode | scancodes[left]!;
        this.pressed.set(left, keycode);
        changes.push({ down: true, scancode: scancodes[left]!, keycode, mods: this.mods(event), text: '' });
      } else if (!event[flag]) {
        for (const code of held) changes.push({ down: false, ...this.lift(event, code)! });
      }
    }
    return changes;
  }

  /** Returns the releases of all keys that are down, except modifiers. */
  releaseKeys(event: ModifierState): SdlKeyChange[] {
    const codes = [...this.pressed.keys()].filter((code) => !sides.some(([, left, right]) => code === left || code === right));
    return codes.map((code) => ({ down: false, ...this.lift(event, code)! }));
  }

  /** Forgets all held keys (Focus has told the game). */
  clear(): void {
    this.pressed.clear();
  }

  private lift(event: ModifierState, code: string): SdlKey | null {
    const keycode = this.pressed.get(code);
    if (keycode === undefined) return null;
    this.pressed.delete(code);
    return { scancode: scancodes[code]!, keycode, mods: this.mods(event), text: '' };
  }

  private keycode(event: KeyLike, code: string, scancode: number): number {
    const control = controlKeycodes[code];
    if (control !== undefined) return control;
    const us = usCharacters[code];
    if (us === undefined) return fromScancode | scancode;
    // As in SDL: where the row of digits types signs (French), its keys are still digits.
    if (code.startsWith('Digit')) return us.charCodeAt(0);

    const own = unshifted(event);
    if (own !== undefined) {
      if (!event.ctrlKey && !event.altKey) this.learn(code, own);
      return own;
    }
    return this.learned.get(code) ?? keycodeOf(this.layout?.get(code) ?? '') ?? us.charCodeAt(0);
  }

  /** A key that types something else than before shows that the layout has changed, so nothing of the old one counts. */
  private learn(code: string, keycode: number): void {
    if ((this.learned.get(code) ?? keycode) !== keycode) {
      this.learned.clear();
      this.layout = undefined;
    }
    this.learned.set(code, keycode);
  }

  private mods(event: ModifierState): number {
    let mods = 0;
    const altGr = event.getModifierState('AltGraph');
    for (const [flag, left, right, leftMod, rightMod] of sides) {
      const l = this.pressed.has(left);
      const r = this.pressed.has(right);
      if (l) mods |= leftMod;
      if (r) mods |= rightMod;
      // Pressed before the game had the keyboard, so the side is unknown.
      const active = event[flag] && !(altGr && (flag === 'ctrlKey' || flag === 'altKey'));
      if (active && !l && !r) mods |= leftMod;
    }
    const own = 'code' in event ? event.code : '';
    for (const [lock, mod] of locks) {
      if (own === lock) continue;
      if (lock === 'ScrollLock') {
        this.tellsScrollLock ||= event.getModifierState(lock);
        if (!this.tellsScrollLock) continue;
      }
      this.locked = event.getModifierState(lock) ? this.locked | mod : this.locked & ~mod;
    }
    return mods | this.locked;
  }
}

/** Returns the code of a key. Some phone keyboards send none; letters, digits and a few named keys can still be assigned. */
export function codeOf(event: { code: string; key: string }): string | null {
  if (scancodes[event.code] !== undefined) return event.code;
  if (event.code !== '') return null;
  if (/^[a-z]$/i.test(event.key)) return `Key${event.key.toUpperCase()}`;
  if (/^[0-9]$/.test(event.key)) return `Digit${event.key}`;
  if (event.key === ' ') return 'Space';
  return scancodes[event.key] !== undefined ? event.key : null;
}

/** Returns the key that types a character, with or without Shift; undefined for characters that no key of most keyboards types alone. */
export function codeThatTypes(character: string): string | undefined {
  const lower = character.toLowerCase();
  if (character === ' ') return 'Space';
  return Object.keys(usCharacters).find((code) => usCharacters[code] === lower);
}

/** Returns the keycode of a character that pygame has a name for. */
function keycodeOf(character: string): number | undefined {
  const lower = character.toLowerCase();
  return lower.length === 1 && lower.charCodeAt(0) < 0x100 ? lower.charCodeAt(0) : undefined;
}

/** Returns the keycode that the event proves: what the key types without modifiers. */
function unshifted(event: KeyLike): number | undefined {
  if (event.getModifierState('AltGraph')) return undefined;
  const { key } = event;
  // A letter is the same key with or without Shift; other characters count only without modifiers. Option on macOS makes other letters.
  const isLetter = key.toLowerCase() !== key.toUpperCase() && (!event.altKey || /^[a-z]$/i.test(key));
  const plain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.getModifierState('CapsLock');
  return plain || isLetter ? keycodeOf(key) : undefined;
}

/** Returns what a key types. Names of keys ("Enter") are ASCII; some keys type several characters, all of them beyond ASCII. */
export function typedText(event: KeyLike): string {
  const { key } = event;
  const types = [...key].length === 1 || /[^\0-\x7f]/.test(key);
  // One key of Arabic keyboards types two letters, which systems draw as one sign.
  const text = key.replace(/[\ufef5-\ufefc]/g, (sign) => sign.normalize('NFKC'));
  const shortcut = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState('AltGraph');
  return types && !shortcut ? text : '';
}

/**
 * Returns true if the browser's own shortcut wins over the game: reload with F5, zoom, developer tools, and everything with Command or the
 * Windows key. Shortcuts that no page may have (new tab, close) never arrive here.
 */
export function belongsToBrowser(event: KeyLike): boolean {
  const isModifier = /^(Control|Shift|Alt|Meta)/.test(event.code);
  if (event.code === 'F5' || event.code === 'F12') return true;
  if (event.metaKey && !isModifier) return true;
  if (!event.ctrlKey || event.getModifierState('AltGraph')) return false;
  if (event.shiftKey && /^Key[CIJK]$/.test(event.code)) return true;
  return ['+', '-', '=', '0'].includes(event.key) || /^(Minus|Equal|Digit0|Numpad(Add|Subtract|0))$/.test(event.code);
}
