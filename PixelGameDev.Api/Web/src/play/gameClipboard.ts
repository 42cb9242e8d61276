import { encodePaste } from '../stream/windowProtocol';
import type { InputTarget } from './pointerOptions';

/** `copied`: the game's text is on the person's clipboard; `waiting`: it needs a key or a click; `tooLong`: what was pasted is too long. */
export type ClipboardNews = 'copied' | 'waiting' | 'tooLong';

export interface ClipboardOptions {
  field: HTMLTextAreaElement;
  canvas: HTMLCanvasElement;
  target: InputTarget;
  playing(): boolean;
  /** Called when the game has what was pasted. */
  onPasted(): void;
  onNews(news: ClipboardNews): void;
}

/**
 * Connects the game's clipboard with the person's. Text that the game puts goes to the browser's clipboard: at once if the browser allows
 * it, otherwise with the next key or click. Text that the person copies elsewhere reaches the game when they paste it into the game.
 */
export class GameClipboard {
  private waiting: string | undefined;

  constructor(private readonly options: ClipboardOptions) {
    const { field, canvas } = options;
    field.addEventListener('paste', (event) => this.paste(event));
    for (const type of ['copy', 'cut'] as const) field.addEventListener(type, (event) => this.copy(event));
    // Browsers allow it for a moment after these.
    field.addEventListener('keyup', () => void this.write());
    canvas.addEventListener('pointerup', () => void this.write());
  }

  reset(): void {
    this.waiting = undefined;
  }

  /** Takes text that the game has put on its clipboard. */
  async take(text: string): Promise<void> {
    this.waiting = text;
    // Of several windows of one game, the one that a person uses.
    if (document.hasFocus() && !(await this.write()) && this.waiting === text) this.options.onNews('waiting');
  }

  private async write(): Promise<boolean> {
    const text = this.waiting;
    if (text === undefined) return true;
    try {
      // A page without a certificate has no such clipboard.
      if (navigator.clipboard === undefined) this.writeByCommand();
      else await navigator.clipboard.writeText(text);
    } catch {
      // Not allowed now.
      return false;
    }
    if (this.waiting !== text) return this.waiting === undefined;
    if (navigator.clipboard === undefined) return false;
    this.done();
    return true;
  }

  /** Lets the browser copy from the field, where `copy` then gives it the text. */
  private writeByCommand(): void {
    const { field } = this.options;
    if (document.activeElement !== field) return;
    const { value } = field;
    field.value = ' ';
    field.select();
    document.execCommand('copy');
    field.value = value;
  }

  private copy(event: ClipboardEvent): void {
    event.preventDefault();
    if (this.waiting === undefined || event.clipboardData === null) return;
    event.clipboardData.setData('text/plain', this.waiting);
    this.done();
  }

  private done(): void {
    this.waiting = undefined;
    this.options.onNews('copied');
  }

  private paste(event: ClipboardEvent): void {
    event.preventDefault();
    const { target, playing, onPasted, onNews } = this.options;
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (text !== '' && playing()) {
      if (encodePaste(0, text) === undefined) onNews('tooLong');
      else target.input((seq) => encodePaste(seq, text)!, 0);
    }
    onPasted();
  }
}
