import { type Bytes, encodeHeld, MessageType } from './protocol';

/** What else the byte of the buttons tells: fingers touch, a gamepad is there, the mouse is over the picture. */
const fingersBit = 0x20;
const gamepadBit = 0x40;
const insideBit = 0x80;
const buttonBits = 0x1f;

/** Time after the last input during which the state is sent although nothing is held, milliseconds. */
const toldFor = 3500;

/**
 * Tracks what the person holds: keys, mouse buttons, modifiers, fingers, gamepads, and whether the canvas has the keyboard and the mouse. It
 * learns from every input, also from inputs that a broken connection lost. The whole state is sent repeatedly, so that the game corrects a
 * press or a release that did not arrive.
 */
export class HeldInput {
  /** Scancode → keycode. */
  private readonly keys = new Map<number, number>();
  private mods = 0;
  private buttons = 0;
  private focused = false;
  private changedAt = -Infinity;
  private seq = 0;
  /** The last Fingers message, if a finger touches, and the last Gamepad message of each gamepad that is there. */
  private fingers: Bytes | undefined;
  private readonly gamepads = new Map<number, Bytes>();

  /** Learns from an input message. */
  note(bytes: Bytes): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    switch (bytes[0]) {
      case MessageType.Key: {
        const scancode = view.getUint16(7, true);
        this.mods = view.getUint16(9, true);
        if (view.getUint8(5) === 1) this.keys.set(scancode, view.getUint32(11, true));
        else this.keys.delete(scancode);
        break;
      }
      case MessageType.MouseMove:
      case MessageType.MouseTurn:
        this.buttons = (this.buttons & ~buttonBits) | view.getUint8(9);
        break;
      case MessageType.MouseInside:
        this.setBit(insideBit, view.getUint8(5) === 1);
        break;
      case MessageType.Fingers:
        this.fingers = view.getUint8(5) > 0 ? bytes.slice() : undefined;
        this.setBit(fingersBit, this.fingers !== undefined);
        break;
      case MessageType.Gamepad:
        if (view.getUint8(6) === 0) this.gamepads.delete(view.getUint8(5));
        else this.gamepads.set(view.getUint8(5), bytes.slice());
        this.setBit(gamepadBit, this.gamepads.size > 0);
        break;
      case MessageType.MouseButton: {
        const bit = 1 << (view.getUint8(5) - 1);
        this.buttons = view.getUint8(6) === 1 ? this.buttons | bit : this.buttons & ~bit;
        break;
      }
      case MessageType.Focus:
        this.focused = view.getUint8(5) === 1;
        if (!this.focused) this.release();
        break;
      default:
        return;
    }
    this.seq = view.getUint32(1, true);
    this.changedAt = performance.now();
  }

  /** True if the state should be sent now: something is held, or was held a moment ago. */
  get isDue(): boolean {
    return this.focused || this.keys.size > 0 || this.buttons !== 0 || performance.now() - this.changedAt < toldFor;
  }

  encode(): Bytes {
    return encodeHeld(this.focused, this.buttons, this.mods, this.keys);
  }

  /** Returns the whole state: fingers and gamepads, which are messages of their own, and then everything else. */
  messages(): Bytes[] {
    const whole = [...(this.fingers === undefined ? [] : [this.fingers]), ...this.gamepads.values()].map((bytes) => {
      const again = bytes.slice();
      new DataView(again.buffer).setUint32(1, this.seq, true);
      return again;
    });
    return [...whole, this.encode()];
  }

  /** Forgets everything, because another game begins. */
  clear(): void {
    this.release();
    this.fingers = undefined;
    this.gamepads.clear();
    this.buttons = 0;
    this.focused = false;
    this.changedAt = -Infinity;
  }

  private release(): void {
    this.keys.clear();
    this.mods = 0;
    this.buttons &= ~buttonBits;
  }

  private setBit(bit: number, on: boolean): void {
    this.buttons = on ? this.buttons | bit : this.buttons & ~bit;
  }
}
