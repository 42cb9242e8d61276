import { type Bytes, encodeFocus, encodeKey, encodeText } from '../stream/protocol';
import { belongsToBrowser, codeOf, codeThatTypes, type KeyLike, KeyTranslator, type ModifierState, type SdlKey } from './keys';
import { textOf } from './touchControls';
import { Typing } from './typing';

export interface KeyboardOptions {
  /** The element that has the keyboard while a game plays. It can be edited, so that dead keys and input methods work. */
  field: HTMLTextAreaElement;
  /** Sends one input; `at` is the event's time stamp, or 0 if no picture answers the input. */
  send(encode: (seq: number) => Bytes, at: number): void;
  /** True while a game takes input. */
  playing(): boolean;
  /** True if the field has the keyboard at this moment. */
  hasFocus(): boolean;
  /** Returns what the person's layout puts on each key (code → character), if the browser can tell. */
  readLayout(): Promise<ReadonlyMap<string, string> | undefined>;
  /** Called when the person wants the keyboard back. */
  onLeave(): void;
  onFocus(focused: boolean): void;
}

/** Two presses of Escape within this time return the keyboard to the page, milliseconds. */
const leaveWithin = 500;

/**
 * Sends keys, text and the keyboard's focus to the game. Key events are differences, and browsers lose some; so each event is also compared
 * with what the game has been told: focus and modifiers.
 */
export class Keyboard {
  private readonly keys = new KeyTranslator();
  private readonly typing: Typing;
  private told: boolean | undefined;
  private lastEscape = -Infinity;
  /** A press of Ctrl+V: the game must have the text before it. */
  private pasting: (() => void) | undefined;
  /** True while the field gives the keyboard away and takes it back at once. */
  private refocusing = false;

  constructor(private readonly options: KeyboardOptions) {
    const { field } = options;
    this.typing = new Typing({
      field,
      playing: options.playing,
      onKey: (key, text, at) => this.send({ ...key, text, down: true }, at),
      onText: (text, at) => options.send((seq) => encodeText(seq, { committed: true, text, start: 0, length: 0 }), at),
      onEditing: (text, start, length) => options.send((seq) => encodeText(seq, { committed: false, text, start, length }), 0),
      onTap: (code) => this.tap(code),
      onCharacter: (character) => this.character(character),
    });
    for (const type of ['keydown', 'keyup'] as const) field.addEventListener(type, (event) => this.take(event));
    field.addEventListener('focus', () => this.focusChanged());
    field.addEventListener('blur', () => this.focusChanged());
    // The layout makes even the first key with Shift or AltGr the right one.
    void this.readLayout();
  }

  /** True while Ctrl is held for the game. */
  get holdsCtrl(): boolean {
    return this.keys.isDown('ControlLeft') || this.keys.isDown('ControlRight');
  }

  /** Begins a new game, which holds no key and knows nothing of the focus. */
  begin(): void {
    this.reset();
    this.told = undefined;
    // The page gives the game the keyboard in the same breath; the game must not see the moment before.
    queueMicrotask(() => this.tellFocus());
  }

  /** Forgets what was held, for a new game. */
  reset(): void {
    this.keys.clear();
    this.typing.reset();
    this.pasting = undefined;
    this.lastEscape = -Infinity;
  }

  /** Releases everything: the browser puts the page away and tells no release. The next event or reconcile() takes the keyboard again. */
  letGo(): void {
    this.reset();
    if (this.told !== true) return;
    this.told = false;
    this.options.send((seq) => encodeFocus(seq, false), 0);
  }

  /** Sends the press that waited for the text of the clipboard. */
  pasted(): void {
    const { pasting } = this;
    this.pasting = undefined;
    pasting?.();
  }

  /** Tells the game what the event or the page proves: who has the keyboard, and which modifiers are down. */
  reconcile(event?: ModifierState, of = ''): void {
    this.pasted();
    this.tellFocus();
    if (event === undefined || this.told !== true || !this.options.playing()) return;
    for (const change of this.keys.reconcile(event, of)) this.send(change, 0);
  }

  /** Presses or releases a key of the on-screen pad. */
  pad(code: string, down: boolean): void {
    const event: KeyLike = { code, key: '', ...noModifiers };
    const key = down ? this.keys.press(event) : this.keys.release(event);
    if (key !== null && this.options.playing()) this.send({ ...key, down, text: down ? textOf(code) : '' }, performance.now());
  }

  private tap(code: string): void {
    this.pad(code, true);
    this.pad(code, false);
  }

  /** Presses the key that types a character, if there is one. */
  private character(character: string): boolean {
    const code = codeThatTypes(character);
    if (code === undefined) return false;
    const event: KeyLike = { ...noModifiers, code, key: character, shiftKey: character !== character.toLowerCase() };
    const key = this.keys.press(event);
    if (key === null) return false;
    this.send({ ...key, down: true, text: character }, performance.now());
    const released = this.keys.release({ ...event, shiftKey: false });
    if (released !== null) this.send({ ...released, down: false }, performance.now());
    return true;
  }

  /** Opens or closes the keyboard of a phone or a tablet. Such keyboards follow a field only when it gets the focus. */
  toggleOnScreen(): void {
    const { field } = this.options;
    const opens = field.inputMode !== 'text';
    this.refocusing = true;
    field.blur();
    this.typing.reset();
    field.inputMode = opens ? 'text' : 'none';
    field.focus({ preventScroll: true });
    this.refocusing = false;
    this.focusChanged();
  }

  /** Takes or gives back the keyboard, as the field has it now. */
  focusChanged(): void {
    if (this.refocusing) return;
    const focused = this.options.hasFocus();
    // The game itself releases every key when it loses the focus.
    if (!focused) {
      this.reset();
      if (this.options.field.inputMode === 'text') this.options.field.inputMode = 'none';
    }
    this.tellFocus();
    if (focused) void this.readLayout();
    this.options.onFocus(focused);
  }

  /** The game must know at any moment of its start, too; so this is sent before its first picture. */
  private tellFocus(): void {
    const focused = this.options.hasFocus();
    if (focused === this.told) return;
    this.told = focused;
    this.options.send((seq) => encodeFocus(seq, focused), 0);
  }

  private send(key: SdlKey & { down: boolean; repeat?: boolean }, at: number): void {
    this.options.send((seq) => encodeKey(seq, { repeat: false, ...key }), at);
  }

  /** Sends a press or a release. */
  take(event: KeyboardEvent): void {
    if (event.type === 'keydown') this.keyDown(event);
    else this.keyUp(event);
  }

  private keyDown(event: KeyboardEvent): void {
    if (!this.options.playing()) return;
    const code = codeOf(event) ?? event.code;
    this.reconcile(event, code);
    if (code === 'Escape' && !event.repeat && !event.isComposing) {
      if (event.timeStamp - this.lastEscape < leaveWithin) {
        this.lastEscape = -Infinity;
        event.preventDefault();
        this.options.onLeave();
        return;
      }
      this.lastEscape = event.timeStamp;
    }
    if (belongsToBrowser(event)) return;
    if (this.typing.takes(event)) {
      const key = this.keys.press(event);
      const drop = (): void => void this.keys.release(event);
      if (key !== null) this.typing.consider({ key, at: event.timeStamp, drop, makeDead: (dead) => this.keys.makeDead(dead) });
      return;
    }
    // A key that was down before the game had the keyboard repeats: for the game this is its press.
    const repeat = event.repeat && this.keys.isDown(code);
    const pressed = this.keys.press(event);
    const key = pressed !== null && this.typing.begins(event) ? this.keys.makeDead(pressed) : pressed;
    // The browser's own copy and paste go to the field (gameClipboard.ts).
    const clipboard = event.ctrlKey && /^Key[CVX]$/.test(code);
    if (this.typing.begins(event)) this.typing.begin(event);
    else if (this.typing.waits(event, key)) return;
    else if (!clipboard) event.preventDefault();
    if (key === null) return;
    const send = (): void => this.send({ ...key, down: true, repeat }, event.timeStamp);
    if (!clipboard || code !== 'KeyV') {
      send();
      return;
    }
    // The browser pastes right after this event.
    this.pasting = send;
    setTimeout(() => this.pasted());
  }

  private keyUp(event: KeyboardEvent): void {
    if (!this.options.playing()) return;
    const code = codeOf(event) ?? event.code;
    this.typing.flush();
    this.reconcile(event, code);
    // Windows tells only the release of this key.
    if (code === 'PrintScreen' && !this.keys.isDown(code)) this.send({ ...this.keys.press(event)!, down: true }, 0);
    const key = this.keys.release(event);
    if (key !== null) {
      event.preventDefault();
      this.send({ ...key, down: false }, event.timeStamp);
    }
    // macOS tells no release of a key while Command is down.
    if (code.startsWith('Meta')) for (const change of this.keys.releaseKeys(event)) this.send(change, 0);
  }

  private async readLayout(): Promise<void> {
    this.keys.useLayout(await this.options.readLayout());
  }
}

const noModifiers: ModifierState = {
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  getModifierState: () => false,
};
