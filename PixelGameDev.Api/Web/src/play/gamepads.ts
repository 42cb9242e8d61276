import { encodeGamepad, encodeGamepadGone, type GamepadState, maxGamepads } from '../stream/pointerProtocol';
import type { InputTarget } from './pointerOptions';

/** Longest time that a motor runs without news of the game, milliseconds; browsers allow no more. */
const longestEffect = 5000;

/** Chromium's name: "Xbox Controller (STANDARD GAMEPAD Vendor: 045e Product: 028e)". Firefox's: "045e-028e-Xbox Controller". */
export function identify(id: string): { name: string; vendor: number; product: number } {
  const chromium = /^(.*?)\s*\((?:STANDARD GAMEPAD\s*)?Vendor:\s*([0-9a-f]{4})\s+Product:\s*([0-9a-f]{4})\)\s*$/i.exec(id);
  if (chromium !== null)
    return { name: chromium[1]! || 'Gamepad', vendor: Number.parseInt(chromium[2]!, 16), product: Number.parseInt(chromium[3]!, 16) };
  const firefox = /^([0-9a-f]{1,4})-([0-9a-f]{1,4})-(.+)$/i.exec(id);
  if (firefox !== null) return { name: firefox[3]!, vendor: Number.parseInt(firefox[1]!, 16), product: Number.parseInt(firefox[2]!, 16) };
  return { name: id.replace(/\s*\(.*\)$/, '').trim() || 'Gamepad', vendor: 0, product: 0 };
}

/** Returns a gamepad as it is sent. A stick at rest is exactly 0, and a trembling one does not send all the time. */
export function stateOf(pad: Pick<Gamepad, 'id' | 'index' | 'mapping' | 'axes' | 'buttons'>, released = false): GamepadState {
  const axis = (value: number): number => Math.round(Math.round(value * 128) * (32767 / 128));
  return {
    index: pad.index,
    standard: pad.mapping === 'standard',
    ...identify(pad.id),
    axes: pad.axes.map((value) => (released ? 0 : axis(value))),
    buttons: pad.buttons.map(({ value, pressed }) => (released ? 0 : pressed && value === 0 ? 255 : Math.round(value * 255))),
  };
}

/**
 * Sends the gamepads of the browser to the game. It looks at them before each picture of the screen, but only while a game runs and one is
 * there. A browser shows a gamepad only after somebody has pressed a button of it on this page.
 */
export class GamepadInput {
  private running = false;
  private frame: number | undefined;
  /** Number of the gamepad → its last message, without the number of the input. */
  private readonly sent = new Map<number, string>();
  private shaking = '[]';

  constructor(private readonly target: InputTarget) {
    addEventListener('gamepadconnected', () => this.look());
    addEventListener('gamepaddisconnected', () => this.look());
    // A hidden page gets no news of a gamepad, so nothing must stay pressed.
    document.addEventListener('visibilitychange', () => this.look());
  }

  /** Begins to send: the sandbox knows gamepads. */
  begin(): void {
    this.running = true;
    this.look();
  }

  /** Stops, because the game has ended or another begins. */
  reset(): void {
    this.running = false;
    this.sent.clear();
    this.shake([]);
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
  }

  /** Shakes the gamepads: strengths of the slow and the fast motor of each, 0 … 1. */
  shake(strengths: readonly { low: number; high: number }[]): void {
    const now = JSON.stringify(strengths);
    if (now === this.shaking) return;
    this.shaking = now;
    for (const pad of pads()) {
      const { low, high } = strengths[pad.index] ?? { low: 0, high: 0 };
      const motor = pad.vibrationActuator;
      const done =
        low === 0 && high === 0
          ? motor?.reset()
          : motor?.playEffect('dual-rumble', { startDelay: 0, duration: longestEffect, strongMagnitude: low, weakMagnitude: high });
      void done?.catch(() => undefined);
    }
  }

  private look(): void {
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
    if (!this.running) return;
    const there = pads();
    for (const pad of there) this.tell(stateOf(pad, document.hidden));
    for (const index of this.sent.keys()) {
      if (there.some((pad) => pad.index === index)) continue;
      this.sent.delete(index);
      this.target.input((seq) => encodeGamepadGone(seq, index), performance.now());
    }
    if (there.length > 0 && !document.hidden) this.frame = requestAnimationFrame(() => this.look());
  }

  private tell(state: GamepadState): void {
    const now = encodeGamepad(0, state).join();
    if (this.sent.get(state.index) === now) return;
    this.sent.set(state.index, now);
    this.target.input((seq) => encodeGamepad(seq, state), performance.now());
  }
}

/** Returns the gamepads of the browser. */
export function pads(): Gamepad[] {
  // Not in an insecure page of some browsers.
  const all = navigator.getGamepads?.() ?? [];
  return [...all].filter((pad): pad is Gamepad => pad?.connected === true && pad.index < maxGamepads);
}
