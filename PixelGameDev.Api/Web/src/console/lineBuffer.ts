import type { ConsoleStream } from '../stream/protocol';

export interface ConsoleLine {
  id: number;
  stream: ConsoleStream;
  text: string;
  /** The person's answer to the question that `text` ends with. */
  answer?: string;
}

/** Most characters of one line; the rest of an endless line is dropped. */
const maxLineLength = 4000;

/**
 * Holds the console's text as lines, at most `capacity` of them (the oldest are dropped). A print without a line end is continued by the
 * next print to the same stream.
 */
export class LineBuffer {
  private lines: ConsoleLine[] = [];
  private open = false;
  private nextId = 1;
  private readonly touched = new Set<ConsoleLine>();

  constructor(private readonly capacity = 2000) {}

  get all(): readonly ConsoleLine[] {
    return this.lines;
  }

  append(stream: ConsoleLine['stream'], text: string): void {
    const parts = text.replace(/\r\n?/g, '\n').split('\n');
    parts.forEach((part, index) => {
      const last = this.lines.at(-1);
      if (index === 0 && this.open && last?.stream === stream) {
        last.text = (last.text + part).slice(0, maxLineLength);
        this.touched.add(last);
      } else if (index < parts.length - 1 || part !== '') {
        this.push({ id: this.nextId++, stream, text: part.slice(0, maxLineLength) });
      }
    });
    this.open = parts.at(-1) !== '';
  }

  /**
   * Puts a question of input() and its answer on one line, like a terminal; without an answer if the game ended first. A question that the
   * game printed itself is already there.
   */
  ask(question: string, answer: string | undefined): void {
    if (question !== '') this.append('out', question);
    let last = this.lines.at(-1);
    if (!this.open || last?.stream !== 'out') {
      if (answer === undefined) return;
      last = this.push({ id: this.nextId++, stream: 'out', text: '' });
    }
    if (answer !== undefined) last.answer = answer.slice(0, maxLineLength);
    this.touched.add(last);
    this.open = false;
  }

  clear(): void {
    this.lines = [];
    this.touched.clear();
    this.open = false;
  }

  /** Returns what a view must do since the last call: drop lines with an id below `first`, add or redraw `changed`. */
  take(): { first: number; changed: ConsoleLine[] } {
    const result = { first: this.lines[0]?.id ?? this.nextId, changed: [...this.touched] };
    this.touched.clear();
    return result;
  }

  private push(line: ConsoleLine): ConsoleLine {
    this.lines.push(line);
    this.touched.add(line);
    if (this.lines.length > this.capacity) this.touched.delete(this.lines.shift()!);
    return line;
  }
}
