import type { SaveConflict } from '../project/guardedSave';
import { differingLines } from '../project/textDifference';
import { strings } from '../strings';
import { h, svg } from './dom';
import { icons } from './icons';

/** Lines of each text that are shown; more would push the code off the screen. */
const maxLines = 6;

/** Asks below the editor which of two windows' texts to keep, one file after the other; typing goes on meanwhile. */
export class ConflictBar {
  readonly element = h('div', { class: 'conflict', role: 'alert', hidden: true, 'data-testid': 'conflict' });
  private readonly conflicts = new Map<string, SaveConflict>();
  private shown: string | undefined;

  constructor(private readonly onChoice: (conflict: SaveConflict, keepMine: boolean) => void) {}

  show(conflict: SaveConflict): void {
    this.conflicts.set(conflict.path, conflict);
    // The newest texts count, but the question is not read out again at each key.
    if (this.shown === undefined || this.shown === conflict.path) this.draw(conflict);
  }

  /** The file's question has been answered. */
  settle(path: string): void {
    if (!this.conflicts.delete(path) || this.shown !== path) return;
    const [next] = this.conflicts.values();
    if (next === undefined) this.hide();
    else this.draw(next);
  }

  clear(): void {
    this.conflicts.clear();
    this.hide();
  }

  private hide(): void {
    this.shown = undefined;
    this.element.hidden = true;
  }

  private draw(conflict: SaveConflict): void {
    const { path, mine, theirs } = conflict;
    const texts = this.shown === path ? this.element.querySelector('.conflict-texts') : null;
    const differing = differingLines(mine, theirs.text);
    const fresh = h(
      'div',
      { class: 'conflict-texts' },
      this.column(strings.saved.mine, differing.line, differing.mine),
      this.column(strings.saved.theirs, differing.line, differing.theirs),
    );
    if (texts !== null) {
      texts.replaceWith(fresh);
      return;
    }
    this.shown = path;
    const choose = (label: string, keepMine: boolean): HTMLElement =>
      h(
        'button',
        {
          type: 'button',
          class: 'soft-button',
          'data-testid': keepMine ? 'keep-mine' : 'take-theirs',
          onclick: () => {
            const current = this.conflicts.get(path);
            this.settle(path);
            if (current !== undefined) this.onChoice(current, keepMine);
          },
        },
        label,
      );
    this.element.replaceChildren(
      h(
        'div',
        { class: 'conflict-ask' },
        svg(icons.flag),
        h('span', null, conflict.message),
        h('div', { class: 'row' }, choose(strings.saved.keepMine, true), choose(strings.saved.takeTheirs, false)),
      ),
      fresh,
    );
    this.element.hidden = false;
  }

  private column(title: string, line: number, lines: string[]): HTMLElement {
    const shown = lines.slice(0, maxLines);
    const more = lines.length - shown.length;
    return h(
      'div',
      { class: 'conflict-text' },
      h('h3', null, title),
      lines.length === 0
        ? h('p', { class: 'soft' }, strings.saved.noLines(line))
        : h('pre', { 'aria-label': title, tabIndex: 0 }, shown.map((text, at) => `${line + at}  ${text}`).join('\n')),
      more > 0 && h('p', { class: 'soft' }, strings.saved.moreLines(more)),
    );
  }
}
