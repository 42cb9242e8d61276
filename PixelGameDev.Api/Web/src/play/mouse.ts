import { capturePointer } from '../frame/capture';
import { encodeMouseInside, encodeMouseTurn, encodePreciseWheel } from '../stream/pointerProtocol';
import { type Bytes, encodeMouseButton, encodeMouseMove, encodeWheel } from '../stream/protocol';
import { toWindowPixel } from './layout';
import { MouseLock, type MouseLockState } from './mouseLock';
import type { PointerOptions } from './pointerOptions';
import { pageZoom, WheelSteps } from './wheel';

export interface MouseOptions extends PointerOptions {
  onLock(state: MouseLockState): void;
}

/** A first way after the lock that is longer than this is the browser's own, pixels: it puts the mouse into the middle of its window. */
const longestFirstWay = 100;
/** Shortest time between two ways of a locked mouse, milliseconds: some mice report a thousand a second. */
const turnEvery = 4;

/** Sends the mouse on the canvas to the game: places, five buttons, wheel, entering and leaving, and ways while it is locked. */
export class MouseInput {
  private readonly lock: MouseLock;
  private readonly wheelSteps = new WheelSteps();
  private buttons = 0;
  private inside = false;
  /** True until the first way after the lock. */
  private justLocked = false;
  /** True if the sandbox knows ways, side buttons and the rest. */
  private knows = false;
  private readonly way = { x: 0, y: 0, sentAt: -Infinity, timer: undefined as ReturnType<typeof setTimeout> | undefined };

  constructor(private readonly options: MouseOptions) {
    const { canvas } = options;
    this.lock = new MouseLock(canvas, (state) => {
      this.justLocked = state === 'locked';
      if (state === 'locked') this.setInside(true);
      options.onLock(state);
    });
    canvas.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    // The side buttons leave the page, the middle one scrolls or pastes: the browser decides at these events. `pointerdown` stays, because
    // without it these would not come at all. The room around the picture counts, too.
    const room = canvas.parentElement ?? canvas;
    for (const type of ['mousedown', 'mouseup', 'auxclick', 'contextmenu'] as const)
      room.addEventListener(type, (event) => this.keep(event));
    canvas.addEventListener('pointerenter', (event) => {
      if (event.pointerType !== 'touch') this.setInside(true);
    });
    canvas.addEventListener('pointerleave', (event) => this.leave(event));
  }

  /** Forgets what was held, for a new game. */
  reset(): void {
    this.knows = false;
    this.buttons = 0;
    this.wheelSteps.clear();
    this.forgetWay();
    this.lock.want(false);
  }

  /** Notes that the sandbox knows the newer messages, and tells where the mouse is. */
  begin(): void {
    this.knows = true;
    this.options.target.input((seq) => encodeMouseInside(seq, this.inside), 0);
  }

  /** Takes whether the game looks around with the mouse. */
  wantLock(wanted: boolean): void {
    this.lock.want(wanted && this.knows);
  }

  setInside(inside: boolean): void {
    if (inside === this.inside) return;
    this.inside = inside;
    if (this.knows) this.options.target.input((seq) => encodeMouseInside(seq, inside), 0);
  }

  /** Handles an event of a mouse or a pen. */
  pointer(event: PointerEvent): void {
    const game = this.options.game();
    if (game === null) return;
    const { canvas } = this.options;
    if (event.type === 'pointerdown') {
      this.options.takeKeyboard();
      this.lock.clicked();
      // So that the release of a button outside of the picture is still seen.
      if (!this.lock.isLocked) capturePointer(canvas, event.pointerId);
    }
    // A button that was pressed elsewhere, to select text or to move a splitter, is no press of the game: a mere move presses nothing.
    const pressed = event.button === -1 ? this.buttons : 31;
    const buttons = event.type === 'pointercancel' ? 0 : this.buttonsOf(event.buttons) & pressed;
    if (this.lock.isLocked) {
      this.turn(event, buttons);
      return;
    }
    const at = toWindowPixel({ x: event.clientX, y: event.clientY }, canvas.getBoundingClientRect(), game, devicePixelRatio);
    // A touch does not move first, so the game gets the position before the press.
    this.send((seq) => encodeMouseMove(seq, at.x, at.y, this.buttons), event.timeStamp);
    for (let bit = 0; bit < 5; bit++) {
      const mask = 1 << bit;
      if ((buttons & mask) === (this.buttons & mask)) continue;
      this.send((seq) => encodeMouseButton(seq, bit + 1, (buttons & mask) !== 0, at.x, at.y), event.timeStamp);
    }
    this.buttons = buttons;
  }

  /** DOM: 1 left, 2 right, 4 middle, 8 back, 16 forward. Protocol: bit 0 left, 1 middle, 2 right, 3 back, 4 forward. */
  private buttonsOf(dom: number): number {
    return (dom & 1) | ((dom & 4) >> 1) | ((dom & 2) << 1) | (this.knows ? dom & 24 : 0);
  }

  /** Adds a way. One pixel of the mouse is one pixel of the game, as in a window, however large the picture is shown. */
  private turn(event: PointerEvent, buttons: number): void {
    if (event.type === 'pointermove') {
      const { justLocked } = this;
      this.justLocked = false;
      if (justLocked && Math.hypot(event.movementX, event.movementY) > longestFirstWay) return;
      this.way.x += event.movementX;
      this.way.y += event.movementY;
    }
    const pressed = buttons !== this.buttons;
    this.buttons = buttons;
    const wait = this.way.sentAt + turnEvery - event.timeStamp;
    if (pressed || wait <= 0) this.sendWay(event.timeStamp);
    else this.way.timer ??= setTimeout(() => this.sendWay(event.timeStamp), wait);
  }

  private sendWay(at: number): void {
    clearTimeout(this.way.timer);
    this.way.timer = undefined;
    this.way.sentAt = at;
    const x = Math.trunc(this.way.x);
    const y = Math.trunc(this.way.y);
    this.way.x -= x;
    this.way.y -= y;
    this.send((seq) => encodeMouseTurn(seq, x, y, this.buttons), at);
  }

  private forgetWay(): void {
    clearTimeout(this.way.timer);
    Object.assign(this.way, { x: 0, y: 0, sentAt: -Infinity, timer: undefined });
  }

  private leave(event: PointerEvent): void {
    if (event.pointerType === 'touch' || this.lock.isLocked) return;
    // The last place of a window is the one at its edge.
    if (this.knows) this.pointer(event);
    this.setInside(false);
  }

  private wheel(event: WheelEvent): void {
    if (this.options.game() === null) return;
    event.preventDefault();
    const turn = this.wheelSteps.turn(event, pageZoom());
    if (turn === null) return;
    const { x, y } = turn;
    const encode = this.knows ? (seq: number) => encodePreciseWheel(seq, turn) : (seq: number) => encodeWheel(seq, x, y);
    this.send(encode, event.timeStamp);
  }

  private keep(event: MouseEvent): void {
    const concernsGame = event.target === this.options.canvas || event.button > 2;
    if (concernsGame && this.options.game() !== null) event.preventDefault();
  }

  private send(encode: (seq: number) => Bytes, at: number): void {
    this.options.target.input(encode, at);
  }
}
