import type { Explanation } from '../console/explain';
import { type ConsoleLine, LineBuffer } from '../console/lineBuffer';
import type { ErrorReport } from '../stream/protocol';
import { strings } from '../strings';
import { h } from './dom';
import { mascot } from './mascot';

export interface ConsoleEvents {
  onAnswer(line: string): void;
  onJump(file: string, line: number, column?: number): void;
}

/** What the game prints, its questions, and its errors as cards. */
export class ConsoleView {
  readonly element: HTMLElement;
  private readonly buffer = new LineBuffer(2000);
  private readonly lines = h('div', { class: 'console-lines', 'data-testid': 'console-lines' });
  private readonly cards = h('div', { class: 'console-cards', role: 'alert' });
  private readonly empty = h('p', { class: 'console-empty' }, strings.console.empty);
  private readonly scroller: HTMLElement;
  private readonly form: HTMLFormElement;
  private readonly field: HTMLInputElement;
  private readonly prompt = h('label', { class: 'ask-prompt', for: 'console-answer' });
  private readonly elements = new Map<number, HTMLElement>();
  private drawing = false;
  private question = '';

  constructor(private readonly events: ConsoleEvents) {
    this.field = h('input', {
      type: 'text',
      id: 'console-answer',
      autocomplete: 'off',
      autocapitalize: 'off',
      spellcheck: false,
      maxLength: 4000,
      'data-testid': 'console-input',
    });
    this.form = h(
      'form',
      {
        class: 'ask',
        hidden: true,
        'data-testid': 'console-ask',
        onsubmit: (event: Event) => {
          event.preventDefault();
          const line = this.field.value;
          this.buffer.ask(this.question, line);
          this.hideQuestion();
          this.draw();
          events.onAnswer(line);
        },
      },
      this.prompt,
      this.field,
      h('button', { type: 'submit', class: 'soft-button' }, strings.console.send),
    );
    this.scroller = h(
      'div',
      { class: 'console-scroll', tabIndex: 0, role: 'log', 'aria-label': strings.console.heading, 'aria-live': 'off' },
      this.empty,
      this.lines,
      this.cards,
    );
    this.element = h(
      'section',
      { class: 'console', 'aria-label': strings.console.heading, 'data-testid': 'console' },
      h(
        'div',
        { class: 'panel-head' },
        h('h2', null, strings.console.heading),
        h('button', { type: 'button', class: 'text-button', onclick: () => this.clear() }, strings.console.clear),
      ),
      this.scroller,
      this.form,
    );
  }

  append(stream: ConsoleLine['stream'], text: string): void {
    this.buffer.append(stream, text);
    this.schedule();
  }

  clear(): void {
    this.buffer.clear();
    this.cards.replaceChildren();
    this.draw();
  }

  /** The game waits in input(). */
  ask(prompt: string, takeKeyboard: boolean): void {
    // Told once more after a lost connection: what is typed already stays.
    if (!this.form.hidden && this.question === prompt) return;
    this.question = prompt;
    this.prompt.textContent = prompt.trim() === '' ? strings.console.asks : prompt;
    this.form.hidden = false;
    this.field.value = '';
    if (takeKeyboard) this.field.focus();
    this.toEnd();
  }

  /** Nobody waits for an answer any more; the question stays among the lines. */
  closeQuestion(): void {
    if (this.form.hidden) return;
    this.buffer.ask(this.question, undefined);
    this.hideQuestion();
    this.draw();
  }

  /** A run begins: nothing of the one before is left. */
  begin(): void {
    this.hideQuestion();
    this.clear();
  }

  private hideQuestion(): void {
    this.form.hidden = true;
    this.field.value = '';
  }

  showError(report: ErrorReport, explanation: Explanation): void {
    const { file, line } = report;
    const source = report.frames.find((frame) => frame.file === file && frame.line === line)?.source ?? report.frames.at(-1)?.source;
    this.addCard(
      h(
        'article',
        { class: 'error-card', 'data-testid': 'error-card' },
        mascot('oops'),
        h(
          'div',
          { class: 'error-body' },
          h('h3', null, explanation.title),
          h('p', null, explanation.hint),
          file !== undefined &&
            line !== undefined &&
            h(
              'button',
              {
                type: 'button',
                class: 'jump',
                'aria-label': strings.console.jump(file, line),
                'data-testid': 'error-jump',
                onclick: () => this.events.onJump(file, line, report.column),
              },
              h('span', { class: 'jump-place' }, strings.console.line(file, line)),
              source !== undefined && h('code', null, source.trim()),
            ),
          h('details', null, h('summary', null, strings.console.details), h('pre', null, report.text)),
        ),
      ),
    );
  }

  /** A message of the page itself, with the same face as an error of the game. */
  showNotice(title: string, text: string): void {
    this.addCard(
      h(
        'article',
        { class: 'error-card notice', 'data-testid': 'notice-card' },
        mascot('oops'),
        h('div', { class: 'error-body' }, h('h3', null, title), h('p', null, text)),
      ),
    );
  }

  /** What happened stands at the top of a card: that is what must be seen where not all of it fits. */
  private addCard(card: HTMLElement): void {
    this.draw();
    this.cards.append(card);
    this.toEnd();
    this.scroller.scrollTop = Math.min(this.scroller.scrollTop, card.offsetTop - this.scroller.offsetTop);
  }

  private schedule(): void {
    if (this.drawing) return;
    this.drawing = true;
    // A hidden tab gets no animation frames, so a timer makes sure that the memory stays bounded there too.
    const run = (): void => {
      if (!this.drawing) return;
      this.drawing = false;
      this.draw();
    };
    requestAnimationFrame(run);
    setTimeout(run, 500);
  }

  private draw(): void {
    const stick = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 40;
    const { first, changed } = this.buffer.take();
    for (const [id, element] of this.elements) {
      if (id >= first) break;
      element.remove();
      this.elements.delete(id);
    }
    const added = document.createDocumentFragment();
    for (const line of changed) {
      const answer = line.answer === undefined ? false : h('b', { class: line.text === '' ? 'answer bare' : 'answer' }, line.answer);
      const existing = this.elements.get(line.id);
      if (existing !== undefined) {
        existing.replaceChildren(line.text, ...(answer ? [answer] : []));
        continue;
      }
      const element = h('div', { class: `line ${line.stream}` }, line.text, answer);
      this.elements.set(line.id, element);
      added.append(element);
    }
    this.lines.append(added);
    this.empty.hidden = this.buffer.all.length > 0 || this.cards.childElementCount > 0;
    if (stick) this.toEnd();
  }

  private toEnd(): void {
    this.empty.hidden = this.buffer.all.length > 0 || this.cards.childElementCount > 0;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}
