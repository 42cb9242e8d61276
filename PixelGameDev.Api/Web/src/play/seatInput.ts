import type { TouchControls } from '../api/types';
import { encodeControls, type SeatButton } from '../stream/seatProtocol';
import { pads } from './gamepads';
import type { InputTarget } from './pointerOptions';

/** Keys of a person on a seat. */
const keys: Readonly<Record<string, SeatButton>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  KeyW: 'up',
  KeyS: 'down',
  KeyA: 'left',
  KeyD: 'right',
  Space: 'a',
  Enter: 'b',
  KeyP: 'start',
};

/** What the touch pad of a seat has: the same keys. */
export const seatPad: TouchControls = { pad: 'cross', directions: 'arrows', buttons: ['Space', 'Enter', 'KeyP'] };

/** The names of its buttons, which are the same in each language. */
export const seatNames: Readonly<Record<string, string>> = { Space: 'A', Enter: 'B', KeyP: 'Start' };

/** Buttons of a gamepad of the standard layout. */
const padButtons: readonly (readonly [number, SeatButton])[] = [
  [12, 'up'],
  [13, 'down'],
  [14, 'left'],
  [15, 'right'],
  [0, 'a'],
  [2, 'a'],
  [1, 'b'],
  [3, 'b'],
  [9, 'start'],
];

/** How far a stick must be tilted, 0 … 1. */
const tilt = 0.5;

/** The state is sent again and again while something is held, and this long after, milliseconds: a lost message is corrected. */
const toldFor = 3500;
const tellEvery = 1000;

/** Sends the seven controls of a person who has a seat: keyboard, touch pad and gamepad together. */
export class SeatInput {
  private readonly pressed = new Map<string, SeatButton>();
  private told = '';
  private changedAt = -Infinity;
  private frame: number | undefined;

  constructor(private readonly target: InputTarget) {}

  /** Begins to listen. Returns a function that releases everything and ends that. */
  start(): () => void {
    const listening = new AbortController();
    const { signal: until } = listening;
    addEventListener('keydown', (event) => this.key(event, true), { signal: until });
    addEventListener('keyup', (event) => this.key(event, false), { signal: until });
    addEventListener('blur', () => this.release(), { signal: until });
    document.addEventListener('visibilitychange', () => document.hidden && this.release(), { signal: until });
    addEventListener('gamepadconnected', () => this.look(), { signal: until });
    const timer = setInterval(() => {
      if (this.pressed.size > 0 || performance.now() - this.changedAt < toldFor) this.send();
    }, tellEvery);
    this.look();
    return () => {
      listening.abort();
      clearInterval(timer);
      if (this.frame !== undefined) cancelAnimationFrame(this.frame);
      this.release();
    };
  }

  /** Takes a press on the touch pad. */
  pad(code: string, down: boolean): void {
    this.press(`pad:${code}`, keys[code]!, down);
  }

  private key(event: KeyboardEvent, down: boolean): void {
    const button = keys[event.code];
    if (button === undefined) return;
    const { target } = event;
    // A person may write a name or press a button of the page meanwhile. A release counts everywhere.
    if (down && (event.ctrlKey || event.metaKey || event.altKey || (target instanceof Element && target.closest('input, button, a'))))
      return;
    if (down) event.preventDefault();
    this.press(event.code, button, down);
  }

  /** Looks at the gamepads before each picture of the screen, as long as there are any. */
  private look(): void {
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
    const there = document.hidden ? [] : pads();
    const held = new Set<SeatButton>();
    for (const { axes, buttons } of there) {
      for (const [index, button] of padButtons) if (buttons[index]?.pressed) held.add(button);
      const [x = 0, y = 0] = axes;
      if (Math.abs(x) > tilt) held.add(x < 0 ? 'left' : 'right');
      if (Math.abs(y) > tilt) held.add(y < 0 ? 'up' : 'down');
    }
    for (const button of Object.values(keys)) this.press(`gamepad:${button}`, button, held.has(button));
    if (there.length > 0) this.frame = requestAnimationFrame(() => this.look());
  }

  /** `by`: what presses it. Two keys may press the same control. */
  private press(by: string, button: SeatButton, down: boolean): void {
    if (down) this.pressed.set(by, button);
    else this.pressed.delete(by);
    this.changed();
  }

  private release(): void {
    this.pressed.clear();
    this.changed();
  }

  private changed(): void {
    const now = [...new Set(this.pressed.values())].sort().join();
    if (now === this.told) return;
    this.told = now;
    this.changedAt = performance.now();
    this.send();
  }

  private send(): void {
    this.target.input(() => encodeControls(new Set(this.pressed.values())), 0);
  }
}
