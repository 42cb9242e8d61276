import { batch, computed, signal } from '@preact/signals';
import { type ConsoleLine, LineBuffer } from '../../../console/lineBuffer';
import type { ErrorReport } from '../../../stream/protocol';

/** A card below the lines: an error of the game, or a message of the page itself. */
export type ConsoleCard = { id: number } & ({ kind: 'error'; report: ErrorReport } | { kind: 'notStarted'; text: string });

/** Draws the lines on the page. */
export interface LineView {
  /** Draws changed lines soon, several at once. */
  schedule(): void;
  /** Draws them now. */
  draw(): void;
  toEnd(): void;
}

/** Holds what the game prints, its questions, and its errors as cards. */
export class ConsoleModel {
  readonly buffer = new LineBuffer(2000);
  readonly cards = signal<readonly ConsoleCard[]>([]);
  /** The question while the game waits in input(). The answer field gets the keyboard unless the person writes code. */
  readonly question = signal<{ prompt: string; takeKeyboard: boolean } | undefined>(undefined);
  readonly hasLines = signal(false);
  readonly isEmpty = computed(() => !this.hasLines.value && this.cards.value.length === 0);
  /** True if there is something new since the console was looked at; on a phone it has a tab of its own. */
  readonly unseen = signal(false);
  private lastCard = 0;
  private view: LineView | undefined;

  attach(view: LineView): void {
    this.view = view;
    view.draw();
  }

  append(stream: ConsoleLine['stream'], text: string): void {
    this.buffer.append(stream, text);
    this.unseen.value = true;
    this.view?.schedule();
  }

  clear(): void {
    batch(() => {
      this.buffer.clear();
      this.cards.value = [];
      this.unseen.value = false;
      this.view?.draw();
    });
  }

  /** Shows a question of input(). */
  ask(prompt: string, takeKeyboard: boolean): void {
    // The server repeats the question after a lost connection; the text typed so far stays.
    if (this.question.value?.prompt === prompt) return;
    this.question.value = { prompt, takeKeyboard };
    this.view?.toEnd();
  }

  /** Takes the answer; the question stays in the lines with it. */
  answer(line: string): void {
    const asked = this.question.value;
    if (asked === undefined) return;
    this.buffer.ask(asked.prompt, line);
    this.question.value = undefined;
    this.view?.draw();
  }

  /** Ends the wait for an answer; the question stays in the lines. */
  closeQuestion(): void {
    const asked = this.question.value;
    if (asked === undefined) return;
    this.buffer.ask(asked.prompt, undefined);
    this.question.value = undefined;
    this.view?.draw();
  }

  /** Begins a run and removes everything of the previous one. */
  begin(): void {
    this.question.value = undefined;
    this.clear();
  }

  showError(report: ErrorReport): void {
    this.addCard({ id: ++this.lastCard, kind: 'error', report });
  }

  /** Shows that the start was refused; `text` says why. */
  showNotStarted(text: string): void {
    this.addCard({ id: ++this.lastCard, kind: 'notStarted', text });
  }

  private addCard(card: ConsoleCard): void {
    this.view?.draw();
    this.cards.value = [...this.cards.value, card];
    this.unseen.value = true;
  }
}
