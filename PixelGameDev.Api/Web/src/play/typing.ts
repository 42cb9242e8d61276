import { codeOf, type SdlKey, typedText } from './keys';

export interface TypingOptions {
  field: HTMLTextAreaElement;
  playing(): boolean;
  /** Called with a key that waited for its text. */
  onKey(key: SdlKey, text: string, at: number): void;
  /** Called with text that no single key has typed. */
  onText(text: string, at: number): void;
  /** Called with the text of an input method that is not finished: cursor and selection count in characters. */
  onEditing(text: string, start: number, length: number): void;
  /** Called with the code of a key that an on-screen keyboard tells only as an edit. */
  onTap(code: string): void;
  /** Called with a character of an on-screen keyboard. Returns true if a key types it, which is then pressed. */
  onCharacter(character: string): boolean;
}

interface WaitingKey {
  key: SdlKey;
  at: number;
}

/** A key that the browser has taken: a dead key, or one of an input method. What it composes will tell. */
export interface TakenKey extends WaitingKey {
  /** Called if it is none of the game's. */
  drop(): void;
  /** Returns the key as a dead key. */
  makeDead(key: SdlKey): SdlKey;
}

/** What a dead key shows while it waits for its letter. */
const accent = /^(?:[`´^~¨°¸˛ˇ˘˙˚˝¯'"]|\p{M})$/u;

/** Time after which a key that follows a dead key no longer waits for its text if it stays down, milliseconds. */
const textWithin = 1000;

/** Most characters of one message, and most of the text of a single key. */
const maxText = 64;
const maxKeyText = 7;

/** Edits of an on-screen keyboard that stand for keys. */
const editKeys: Readonly<Record<string, string>> = {
  deleteContentBackward: 'Backspace',
  deleteContentForward: 'Delete',
  insertLineBreak: 'Enter',
  insertParagraph: 'Enter',
};

/**
 * Turns what the browser puts into the field into text for the game. Ordinary keys do not come here: their text goes with the key. Dead
 * keys and input methods do: only the browser knows what they make of the keys.
 */
export class Typing {
  /** A dead key was pressed, and the browser has not made text of it yet. */
  private pending = false;
  private waiting: WaitingKey | undefined;
  private taken: TakenKey | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private composed = '';
  private shown = '';
  /** What an on-screen keyboard composes and the game has already. */
  private typed: string[] = [];

  constructor(private readonly options: TypingOptions) {
    const { field } = options;
    field.addEventListener('beforeinput', (event) => this.beforeInput(event));
    field.addEventListener('input', (event) => this.input(event as InputEvent));
    field.addEventListener('compositionupdate', (event) => {
      this.composed = event.data;
      this.decide(event.data);
    });
    field.addEventListener('compositionend', (event) => {
      if (this.isOnScreen) {
        this.type(event.data);
        this.typed = [];
        this.commit('', 0);
        return;
      }
      if (this.shown !== '') options.onEditing('', 0, 0);
      this.commit(event.data, event.timeStamp);
      this.pending = false;
    });
    field.addEventListener('drop', (event) => event.preventDefault());
  }

  reset(): void {
    clearTimeout(this.timer);
    this.pending = false;
    this.waiting = undefined;
    this.taken = undefined;
    this.composed = this.shown = '';
    this.typed = [];
    this.options.field.value = '';
  }

  /** True while the keyboard of a phone or a tablet is open for this field. */
  private get isOnScreen(): boolean {
    return this.options.field.inputMode === 'text';
  }

  /** Returns true if an input method takes the key, so that the game does not get it. Modifiers are the game's all the same. */
  takes(event: KeyboardEvent): boolean {
    if (/^(Control|Shift|Alt|Meta)/.test(event.code)) return false;
    const composing = event.isComposing || event.key === 'Process' || event.keyCode === 229;
    return composing && !this.pending && event.key !== 'Dead';
  }

  /** Keeps a key that the browser has taken until its composition tells what it is. */
  consider(key: TakenKey): void {
    this.taken?.drop();
    this.taken = key;
  }

  /** Returns true for a dead key. */
  begins(event: KeyboardEvent): boolean {
    return event.key === 'Dead' && !event.ctrlKey && !event.metaKey;
  }

  /** Notes a dead key. The browser keeps it, too. */
  begin(event: KeyboardEvent): void {
    this.flush();
    if (!event.repeat) this.pending = true;
  }

  /** Returns true if the key comes after a dead key: it is sent with the text that the browser makes of both. */
  waits(event: KeyboardEvent, key: SdlKey | null): boolean {
    this.flush();
    if (!this.pending || key === null || /^(Control|Shift|Alt|Meta|CapsLock)/.test(codeOf(event) ?? '')) return false;
    if (typedText(event) === '' && event.key !== 'Process' && event.keyCode !== 229) {
      // An arrow or the like: the browser drops the accent.
      this.pending = false;
      return false;
    }
    this.waiting = { key, at: event.timeStamp };
    this.timer = setTimeout(() => this.flush(), textWithin);
    return true;
  }

  /** Sends the key that waits, without text, and drops the key that an input method has taken. */
  flush(): void {
    this.taken?.drop();
    this.taken = undefined;
    this.deliver('', 0);
  }

  /** Some browsers show a dead key as a composition of its accent. As in SDL, the key is the game's, and the accent is no text. */
  private decide(composed: string): void {
    const { taken } = this;
    this.taken = undefined;
    if (taken === undefined) return;
    if (accent.test(composed)) {
      this.pending = true;
      this.options.onKey(taken.makeDead(taken.key), '', taken.at);
    } else {
      taken.drop();
    }
  }

  private beforeInput(event: InputEvent): void {
    const tap = editKeys[event.inputType];
    const types = event.inputType === 'insertText' || event.inputType === 'insertCompositionText';
    if (types && this.options.playing()) return;
    if (event.cancelable) event.preventDefault();
    if (tap !== undefined && !event.isComposing && this.options.playing()) this.options.onTap(tap);
  }

  private input(event: InputEvent): void {
    const { field } = this.options;
    if (!event.isComposing) {
      this.commit(field.value, event.timeStamp);
      return;
    }
    if (this.pending) return;
    if (this.isOnScreen) {
      this.type(this.composed);
      return;
    }
    const text = [...this.composed].slice(0, maxText);
    const before = field.value.slice(0, field.selectionStart);
    const chosen = field.value.slice(field.selectionStart, field.selectionEnd);
    const start = Math.min([...before].length, text.length);
    const shown = [text.join(''), start, [...chosen].length] as const;
    // Browsers repeat what they show.
    if (String(shown) === this.shown) return;
    this.shown = String(shown);
    this.options.onEditing(...shown);
  }

  private commit(text: string, at: number): void {
    this.options.field.value = '';
    this.composed = this.shown = '';
    if (text === '' || !this.options.playing()) return;
    this.pending = false;
    this.deliver(text, at);
  }

  /**
   * Gives the game what the keyboard of a phone composes, at once: such keyboards compose whole words, and games read single keys. What
   * the keyboard changes afterwards is deleted and typed again.
   */
  private type(composed: string): void {
    if (!this.options.playing()) return;
    const now = [...composed];
    let same = 0;
    while (same < now.length && now[same] === this.typed[same]) same++;
    for (let left = this.typed.length; left > same; left--) this.options.onTap('Backspace');
    this.press(now.slice(same));
    this.typed = now;
  }

  private press(characters: readonly string[]): void {
    for (const character of characters) if (!this.options.onCharacter(character)) this.options.onText(character, performance.now());
  }

  private deliver(text: string, at: number): void {
    const { waiting } = this;
    this.waiting = undefined;
    clearTimeout(this.timer);
    const characters = [...text];
    if (waiting !== undefined) this.options.onKey(waiting.key, characters.splice(0, maxKeyText).join(''), waiting.at);
    if (waiting === undefined && this.isOnScreen) {
      this.press(characters);
      return;
    }
    while (characters.length > 0) this.options.onText(characters.splice(0, maxText).join(''), at);
  }
}
