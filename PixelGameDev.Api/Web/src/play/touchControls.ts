import type { TouchControls } from '../api/types';

/** Most buttons of the right thumb; the server allows no more. */
export const maxButtons = 6;

/** Keys of the directions: up, down, left, right. */
export const directionKeys = {
  arrows: { up: 'ArrowUp', down: 'ArrowDown', left: 'ArrowLeft', right: 'ArrowRight' },
  wasd: { up: 'KeyW', down: 'KeyS', left: 'KeyA', right: 'KeyD' },
} as const;

export type Directions = keyof typeof directionKeys;
export type Pad = 'cross' | 'stick' | 'none';

export const directionsOf = ({ directions }: TouchControls): Directions => (directions === 'wasd' ? 'wasd' : 'arrows');
export const padOf = ({ pad }: TouchControls): Pad => (pad === 'stick' || pad === 'none' ? pad : 'cross');

/** Names of keys in pygame (after K_) whose code is no letter or digit. */
const namedKeys: Readonly<Record<string, string>> = {
  SPACE: 'Space',
  RETURN: 'Enter',
  ESCAPE: 'Escape',
  TAB: 'Tab',
  LSHIFT: 'ShiftLeft',
  RSHIFT: 'ShiftRight',
  LCTRL: 'ControlLeft',
  RCTRL: 'ControlRight',
  LALT: 'AltLeft',
  BACKSPACE: 'Backspace',
  UP: 'ArrowUp',
  DOWN: 'ArrowDown',
  LEFT: 'ArrowLeft',
  RIGHT: 'ArrowRight',
};

/** Keys that a button can press, in the order in which a person chooses them. */
export const buttonCodes: readonly string[] = [
  'Space',
  'Enter',
  'ShiftLeft',
  'ControlLeft',
  'Tab',
  'Escape',
  'Backspace',
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  ...Array.from({ length: 26 }, (_, i) => `Key${String.fromCharCode(65 + i)}`),
  ...Array.from({ length: 10 }, (_, i) => `Digit${i}`),
];

/** Signs of keys in every language. */
const signs: Readonly<Record<string, string>> = {
  Enter: 'Enter',
  Escape: 'Esc',
  Tab: 'Tab',
  Backspace: '⌫',
  AltLeft: 'Alt',
  ArrowUp: '▲',
  ArrowDown: '▼',
  ArrowLeft: '◀',
  ArrowRight: '▶',
};

/** Returns the letter, the digit or the sign of a key; other keys have words (`strings.stage.keys`). */
export function signOf(code: string): string | undefined {
  return signs[code] ?? letterOf(code);
}

export function letterOf(code: string): string | undefined {
  return /^(?:Key([A-Z])|Digit([0-9]))$/.exec(code)?.slice(1).find(Boolean);
}

/** Returns what a key types, for a game that reads text. */
export function textOf(code: string): string {
  return code === 'Space' ? ' ' : (letterOf(code)?.toLowerCase() ?? '');
}

/** Chooses controls for a game whose code names its keys (`pygame.K_w`). Without such names: arrows, Enter and Space. */
export function guessControls(code: string): TouchControls {
  const used = new Map<string, number>();
  for (const [, name] of code.matchAll(/\bK_([a-z0-9]|[A-Z]+)\b/g)) {
    const key =
      namedKeys[name!] ?? (/^[a-z]$/.test(name!) ? `Key${name!.toUpperCase()}` : /^[0-9]$/.test(name!) ? `Digit${name}` : undefined);
    if (key !== undefined) used.set(key, (used.get(key) ?? 0) + 1);
  }
  const uses = (way: Directions): boolean => used.has(directionKeys[way].left) && used.has(directionKeys[way].right);
  const usesUpAndDown = (way: Directions): boolean => used.has(directionKeys[way].up) || used.has(directionKeys[way].down);
  const directions: Directions =
    !uses('arrows') && (uses('wasd') || (usesUpAndDown('wasd') && !usesUpAndDown('arrows'))) ? 'wasd' : 'arrows';
  // Keys of the other directions are no buttons either if both sets do the same.
  const ways = new Set<string>([
    ...Object.values(directionKeys[directions]),
    ...(uses('arrows') && uses('wasd') ? Object.values(directionKeys.wasd) : []),
  ]);
  const first = ['Space', 'Enter'].filter((key) => used.has(key));
  const rest = [...used.keys()].filter((key) => !first.includes(key) && !ways.has(key) && key !== 'Escape');
  const buttons = [...first, ...rest].slice(0, maxButtons);
  return { pad: 'cross', directions, buttons: buttons.length > 0 ? buttons : ['Space', 'Enter'] };
}
