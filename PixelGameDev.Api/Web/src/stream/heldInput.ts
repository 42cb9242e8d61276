import { type Bytes, encodeHeld, MessageType } from './protocol';

/** Time after the last input during which the state is sent although nothing is held, milliseconds. */
const toldFor = 3500;

/**
 * Tracks what the person holds: keys, mouse buttons, modifiers, and whether the canvas has the keyboard. It learns from every input, also
 * from inputs that a broken connection lost. The whole state is sent repeatedly, so that the game corrects a press or a release that did
 * not arrive.
 */
export class HeldInput {
  /** Scancode → keycode. */
  private readonly keys = new Map<number, number>();
  private mods = 0;
  private buttons = 0;
  private focused = false;
  private changedAt = -Infinity;

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
        this.buttons = view.getUint8(9);
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
    this.changedAt = performance.now();
  }

  /** True if the state should be sent now: something is held, or was held a moment ago. */
  get isDue(): boolean {
    return this.focused || this.keys.size > 0 || this.buttons !== 0 || performance.now() - this.changedAt < toldFor;
  }

  encode(): Bytes {
    return encodeHeld(this.focused, this.buttons, this.mods, this.keys);
  }

  /** Forgets everything, because another game begins. */
  clear(): void {
    this.release();
    this.focused = false;
    this.changedAt = -Infinity;
  }

  private release(): void {
    this.keys.clear();
    this.mods = 0;
    this.buttons = 0;
  }
}
