import type { SeatControls } from '../api/types';
import { decodeRumble } from '../stream/pointerProtocol';
import { MessageType } from '../stream/protocol';
import { decodeClipboard, decodeWindow } from '../stream/windowProtocol';
import { type ClipboardNews, GameClipboard } from './gameClipboard';
import { Keyboard } from './keyboard';
import type { Size } from './layout';
import type { MouseLockState } from './mouseLock';
import type { InputTarget } from './pointerOptions';
import { Pointers } from './pointers';
import { encodeSeats } from './seatControls';
import { WindowSize } from './windowSize';

export interface InputOptions {
  canvas: HTMLCanvasElement;
  /** The element that has the keyboard while a game plays. */
  field: HTMLTextAreaElement;
  target: InputTarget;
  /** Returns the size of the game's picture, or null while no game takes input. */
  game(): Size | null;
  /** Called when the person wants the keyboard back. */
  onLeave(): void;
  onFocus(focused: boolean): void;
  /** Called when a game that looks around with the mouse gets it, waits for it or gives it back. */
  onMouseLock(state: MouseLockState): void;
  onClipboard(news: ClipboardNews): void;
}

/** Sends the keyboard to the game, and owns what sends mouse, fingers and gamepads. */
export class GameInput {
  private readonly keyboard: Keyboard;
  readonly pointers: Pointers;
  private readonly window: WindowSize;
  private readonly clipboard: GameClipboard;

  constructor(private readonly options: InputOptions) {
    const { canvas, field } = options;
    this.keyboard = new Keyboard({
      field,
      send: (encode, at) => options.target.input(encode, at),
      playing: () => options.game() !== null,
      hasFocus: () => this.hasFocus,
      readLayout,
      onLeave: options.onLeave,
      onFocus: options.onFocus,
    });
    // Events of the mouse tell the modifiers, too.
    for (const type of ['pointerdown', 'pointermove', 'wheel'] as const)
      canvas.addEventListener(type, (event) => this.keyboard.reconcile(event), { passive: true });
    this.pointers = new Pointers({
      canvas,
      target: options.target,
      game: options.game,
      takeKeyboard: () => this.focus(),
      onLock: options.onMouseLock,
    });
    this.clipboard = new GameClipboard({
      field,
      canvas,
      target: options.target,
      playing: () => options.game() !== null,
      onPasted: () => this.keyboard.pasted(),
      onNews: options.onClipboard,
    });
    const room = canvas.parentElement!;
    this.window = new WindowSize(options, () => ({ width: room.clientWidth, height: room.clientHeight }));
    new ResizeObserver(() => this.window.changed()).observe(room);
  }

  /** True if the game has the keyboard. */
  private get hasFocus(): boolean {
    return document.activeElement === this.options.field && document.hasFocus();
  }

  /** True while Ctrl is held for the game. */
  get holdsCtrl(): boolean {
    return this.keyboard.holdsCtrl;
  }

  private focus(): void {
    this.options.field.focus({ preventScroll: true });
  }

  /** Takes the keyboard, if the field had it before this object. */
  adopt(): void {
    if (this.hasFocus) this.keyboard.focusChanged();
  }

  /** Sends a key event that came before this object. */
  key(event: KeyboardEvent): void {
    this.keyboard.take(event);
  }

  /** Forgets what was held, for a new game. */
  reset(): void {
    this.keyboard.reset();
    this.pointers.reset();
    this.window.reset();
    this.clipboard.reset();
  }

  /** Releases everything that is held, because the browser puts the page away. */
  letGo(): void {
    this.keyboard.letGo();
    this.pointers.letGo();
  }

  /** Begins a new game, which must know whether it has the keyboard. */
  begin(): void {
    this.keyboard.begin();
  }

  /** Tells the server what the players 2 to 4 press. */
  tellSeats(seats: readonly SeatControls[] | null | undefined): void {
    for (const bytes of encodeSeats(seats)) this.options.target.input(() => bytes, 0);
  }

  /** Tells the game who has the keyboard, if it does not know. */
  reconcile(): void {
    this.keyboard.reconcile();
  }

  /** Handles a message of the game that concerns what this page sends. */
  handle(type: number, payload: Uint8Array): void {
    if (type === MessageType.Rumble) this.pointers.gamepads.shake(decodeRumble(payload));
    else if (type === MessageType.Window) this.window.take(decodeWindow(payload));
    else if (type === MessageType.Clipboard) void this.clipboard.take(decodeClipboard(payload));
  }

  /** Opens or closes the keyboard of a phone or a tablet. */
  toggleKeyboard(): void {
    this.keyboard.toggleOnScreen();
  }

  /** Sends a key of the on-screen pad. */
  pad(code: string, down: boolean): void {
    this.keyboard.pad(code, down);
  }
}

async function readLayout(): Promise<ReadonlyMap<string, string> | undefined> {
  const { keyboard } = navigator as Navigator & { keyboard?: { getLayoutMap?(): Promise<ReadonlyMap<string, string>> } };
  try {
    return await keyboard?.getLayoutMap?.();
  } catch {
    // A frame may lack the permission.
    return undefined;
  }
}
