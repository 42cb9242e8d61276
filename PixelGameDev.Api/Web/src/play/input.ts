import { type Bytes, encodeFocus, encodeKey, encodeMouseButton, encodeMouseMove, encodeWheel } from '../stream/protocol';
import { belongsToBrowser, type KeyLike, KeyTranslator, type SdlKey } from './keys';
import { type Size, toGamePixel } from './layout';

export interface InputTarget {
  /** Sends one input; `at` is the event's time stamp, or 0 if no picture answers the input. */
  input(encode: (seq: number) => Bytes, at: number): void;
}

export interface InputOptions {
  canvas: HTMLCanvasElement;
  target: InputTarget;
  /** Returns the size of the game's picture, or null while no game takes input. */
  game(): Size | null;
  /** Called when the person wants the keyboard back. */
  onLeave(): void;
  onFocus(focused: boolean): void;
}

/** Two presses of Escape within this time return the keyboard to the page, milliseconds. */
const leaveWithin = 500;

/** Sends keyboard, mouse and touch on the canvas to the game. */
export class GameInput {
  private readonly keys = new KeyTranslator();
  private buttons = 0;
  private lastEscape = -Infinity;
  private wheelRest = { x: 0, y: 0 };
  private readonly held = new Map<string, SdlKey>();

  constructor(private readonly options: InputOptions) {
    const { canvas } = options;
    canvas.addEventListener('keydown', (event) => this.keyDown(event));
    canvas.addEventListener('keyup', (event) => this.keyUp(event));
    canvas.addEventListener('focus', () => {
      this.send((seq) => encodeFocus(seq, true), 0);
      options.onFocus(true);
    });
    canvas.addEventListener('blur', () => {
      // The game itself releases every key when it loses the focus.
      this.keys.clear();
      this.held.clear();
      this.send((seq) => encodeFocus(seq, false), 0);
      options.onFocus(false);
    });
    canvas.addEventListener('pointerdown', (event) => this.pointer(event));
    canvas.addEventListener('pointerup', (event) => this.pointer(event));
    canvas.addEventListener('pointercancel', (event) => this.pointer(event));
    canvas.addEventListener('pointermove', (event) => this.pointer(event));
    canvas.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    canvas.addEventListener('contextmenu', (event) => {
      if (options.game() !== null) event.preventDefault();
    });
  }

  /** Forgets what was held, for a new game. */
  reset(): void {
    this.keys.clear();
    this.held.clear();
    this.buttons = 0;
    this.wheelRest = { x: 0, y: 0 };
  }

  /** Sends the focus again, because the new game must know whether it has the keyboard. */
  resend(): void {
    this.options.target.input((seq) => encodeFocus(seq, document.activeElement === this.options.canvas), 0);
  }

  /** Sends a key of the on-screen pad. */
  pad(code: string, down: boolean): void {
    const event: KeyLike = {
      code,
      key: '',
      shiftKey: false,
      ctrlKey: false,
      altKey: false,
      metaKey: false,
      getModifierState: () => false,
    };
    const key = down ? this.keys.press(event) : this.keys.release(event);
    if (key !== null)
      this.send((seq) => encodeKey(seq, { ...key, down, repeat: false, text: down && code === 'Space' ? ' ' : '' }), performance.now());
  }

  private send(encode: (seq: number) => Bytes, at: number): void {
    if (this.options.game() !== null) this.options.target.input(encode, at);
  }

  private keyDown(event: KeyboardEvent): void {
    if (this.options.game() === null) return;
    if (event.code === 'Escape' && !event.repeat) {
      if (event.timeStamp - this.lastEscape < leaveWithin) {
        this.lastEscape = -Infinity;
        event.preventDefault();
        this.options.onLeave();
        return;
      }
      this.lastEscape = event.timeStamp;
    }
    if (belongsToBrowser(event)) return;
    const key = this.keys.press(event);
    event.preventDefault();
    if (key === null) return;
    this.held.set(event.code, key);
    this.send((seq) => encodeKey(seq, { ...key, down: true, repeat: event.repeat }), event.timeStamp);
  }

  private keyUp(event: KeyboardEvent): void {
    if (this.options.game() === null) return;
    const known = this.held.get(event.code);
    const key = this.keys.release(event);
    if (key === null || known === undefined) return;
    this.held.delete(event.code);
    event.preventDefault();
    // The same key that went down, even if Shift has changed its character since.
    this.send((seq) => encodeKey(seq, { ...key, keycode: known.keycode, down: false, repeat: false }), event.timeStamp);
  }

  private pointer(event: PointerEvent): void {
    const game = this.options.game();
    if (game === null || !event.isPrimary) return;
    const { canvas } = this.options;
    const at = toGamePixel({ x: event.clientX, y: event.clientY }, canvas.getBoundingClientRect(), game);

    if (event.type === 'pointerdown') {
      canvas.focus({ preventScroll: true });
      // So that the release of a button outside of the picture is still seen.
      canvas.setPointerCapture(event.pointerId);
      event.preventDefault();
    }
    // DOM: 1 left, 2 right, 4 middle. Protocol: bit 0 left, 1 middle, 2 right.
    const cancelled = event.type === 'pointercancel';
    const dom = cancelled ? 0 : event.buttons;
    const buttons = (dom & 1) | ((dom & 4) >> 1) | ((dom & 2) << 1);
    // A touch does not move first, so the game gets the position before the press.
    this.send((seq) => encodeMouseMove(seq, at.x, at.y, this.buttons), event.timeStamp);
    for (let bit = 0; bit < 3; bit++) {
      const mask = 1 << bit;
      if ((buttons & mask) === (this.buttons & mask)) continue;
      this.send((seq) => encodeMouseButton(seq, bit + 1, (buttons & mask) !== 0, at.x, at.y), event.timeStamp);
    }
    this.buttons = buttons;
  }

  private wheel(event: WheelEvent): void {
    if (this.options.game() === null) return;
    event.preventDefault();
    // A notch is 100 pixels or 3 lines in today's browsers; touchpads send small fractions of one.
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 100 : event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 3 : 1;
    this.wheelRest.x += event.deltaX / unit;
    this.wheelRest.y -= event.deltaY / unit;
    const x = Math.trunc(this.wheelRest.x);
    const y = Math.trunc(this.wheelRest.y);
    if (x === 0 && y === 0) return;
    this.wheelRest.x -= x;
    this.wheelRest.y -= y;
    this.send((seq) => encodeWheel(seq, x, y), event.timeStamp);
  }
}
