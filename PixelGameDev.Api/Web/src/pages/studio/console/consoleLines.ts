import type { ConsoleModel, LineView } from './consoleModel';

/** Draws the lines of the console. Not a component: a game may print thousands of lines per second, and only the new ones are drawn. */
export class ConsoleLines implements LineView {
  private readonly elements = new Map<number, HTMLElement>();
  private drawing = false;

  constructor(
    private readonly console: ConsoleModel,
    private readonly scroller: HTMLElement,
    private readonly lines: HTMLElement,
  ) {}

  schedule(): void {
    if (this.drawing) return;
    this.drawing = true;
    // A hidden tab gets no animation frames, so a timer limits the memory there.
    const run = (): void => {
      if (!this.drawing) return;
      this.drawing = false;
      this.draw();
    };
    requestAnimationFrame(run);
    setTimeout(run, 500);
  }

  draw(): void {
    const stick = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 40;
    const { buffer } = this.console;
    const { first, changed } = buffer.take();
    for (const [id, element] of this.elements) {
      if (id >= first) break;
      element.remove();
      this.elements.delete(id);
    }
    const added = document.createDocumentFragment();
    for (const { id, stream, text, answer } of changed) {
      const content = answer === undefined ? [text] : [text, answerElement(answer, text === '')];
      const existing = this.elements.get(id);
      if (existing !== undefined) {
        existing.replaceChildren(...content);
        continue;
      }
      const element = document.createElement('div');
      element.className = `line ${stream}`;
      element.append(...content);
      this.elements.set(id, element);
      added.append(element);
    }
    this.lines.append(added);
    this.console.hasLines.value = buffer.all.length > 0;
    if (stick) this.toEnd();
  }

  toEnd(): void {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Shows a card: scrolls to the end, but keeps the card's top visible, which says what happened. */
  showCard(card: HTMLElement): void {
    this.toEnd();
    this.scroller.scrollTop = Math.min(this.scroller.scrollTop, card.offsetTop - this.scroller.offsetTop);
  }
}

function answerElement(answer: string, bare: boolean): HTMLElement {
  const element = document.createElement('b');
  element.className = bare ? 'answer bare' : 'answer';
  element.textContent = answer;
  return element;
}
