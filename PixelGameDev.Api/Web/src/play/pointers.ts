import type { CursorState } from '../stream/protocol';
import { FingerInput } from './fingers';
import { GamepadInput } from './gamepads';
import { MouseInput, type MouseOptions } from './mouse';

/** Sends mouse, fingers and gamepads to the game. An older sandbox knows only a mouse with three buttons, which is then the first finger. */
export class Pointers {
  readonly gamepads: GamepadInput;
  private readonly mouse: MouseInput;
  private readonly fingers: FingerInput;
  private knows = false;

  constructor(options: MouseOptions) {
    this.mouse = new MouseInput(options);
    this.fingers = new FingerInput(options);
    this.gamepads = new GamepadInput(options.target);
    for (const type of ['pointerdown', 'pointerup', 'pointercancel', 'pointermove'] as const)
      options.canvas.addEventListener(type, (event) => this.pointer(event));
  }

  /** Forgets everything, for a new game. */
  reset(): void {
    this.knows = false;
    this.mouse.reset();
    this.fingers.reset();
    this.gamepads.reset();
  }

  /** Lifts all fingers. The game releases the buttons of the mouse when it loses the keyboard. */
  letGo(): void {
    this.fingers.letGo();
  }

  /** Notes that the sandbox knows the newer messages. What the game asks at its start is sent now: gamepads first, then the mouse. */
  begin(): void {
    if (this.knows) return;
    this.knows = true;
    this.gamepads.begin();
    this.mouse.begin();
  }

  /** Takes the cursor that the game wants. */
  setCursor(cursor: CursorState): void {
    this.mouse.wantLock(cursor.relative);
  }

  private pointer(event: PointerEvent): void {
    if (event.pointerType !== 'touch') {
      this.mouse.pointer(event);
    } else if (!this.knows) {
      if (event.isPrimary) this.mouse.pointer(event);
    } else {
      // The game makes a mouse of the first finger, so the mouse is over the picture.
      if (event.type === 'pointerdown') this.mouse.setInside(true);
      this.fingers.pointer(event);
    }
  }
}
