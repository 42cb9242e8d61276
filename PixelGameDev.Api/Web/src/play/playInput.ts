import { cameAfterAll } from '../frame/missingPart';
import { encodeFocus } from '../stream/protocol';
import type { GameInput, InputOptions } from './input';

/** The time until the code is asked for again after it did not load, ms. */
const retryAfter = 1000;

/** Has the keyboard from the press of Run on, and loads what sends input to a game. So the page before play stays small. */
export class PlayInput {
  private input: GameInput | undefined;
  private loading = false;
  private readonly failed: unknown[] = [];
  private readonly waiting: ((input: GameInput) => void)[] = [];
  /** The codes of the keys that are down and wait. */
  private readonly down = new Set<string>();

  constructor(
    private readonly options: InputOptions,
    private readonly importInput: () => Promise<typeof import('./input')> = () => import('./input'),
  ) {
    for (const type of ['keydown', 'keyup'] as const) options.field.addEventListener(type, this.keep);
  }

  /** True if the game has the keyboard. */
  get hasFocus(): boolean {
    return document.activeElement === this.options.field && document.hasFocus();
  }

  /** True while Ctrl is held for the game. */
  get holdsCtrl(): boolean {
    return this.input?.holdsCtrl === true;
  }

  /** Releases everything that is held, because the browser puts the page away. */
  letGo(): void {
    this.input?.letGo();
  }

  focus(): void {
    this.options.field.focus({ preventScroll: true });
  }

  /** Begins a new game, which must know at once whether it has the keyboard, also if the code is not there yet. */
  begin(): void {
    this.down.clear();
    if (this.input === undefined)
      queueMicrotask(() => {
        const focused = this.hasFocus;
        this.options.target.input((seq) => encodeFocus(seq, focused), 0);
      });
    this.with((input) => input.begin());
  }

  /** Calls `use` now, or in order when the code is there. */
  with(use: (input: GameInput) => void): void {
    if (this.input !== undefined) {
      use(this.input);
      return;
    }
    this.waiting.push(use);
    this.load();
  }

  /** Keeps a key of a game that plays already. */
  private readonly keep = (event: KeyboardEvent): void => {
    const { code, type } = event;
    // What an input method composes is in the field.
    if (this.options.game() === null || event.isComposing || event.key === 'Dead') return;
    if (!event.ctrlKey && !event.altKey && !event.metaKey && !/^F\d/.test(code)) event.preventDefault();
    if (type === 'keyup') this.down.delete(code);
    else if (this.down.has(code)) return;
    else this.down.add(code);
    this.with((input) => input.key(event));
  };

  private load(): void {
    if (this.loading) return;
    this.loading = true;
    void this.importInput().then(
      ({ GameInput }) => {
        const input = new GameInput(this.options);
        this.input = input;
        for (const type of ['keydown', 'keyup'] as const) this.options.field.removeEventListener(type, this.keep);
        input.adopt();
        for (const use of this.waiting.splice(0)) use(input);
        cameAfterAll(this.failed);
      },
      (error: unknown) => {
        this.failed.push(error);
        this.loading = false;
        setTimeout(() => this.load(), retryAfter);
      },
    );
  }
}
