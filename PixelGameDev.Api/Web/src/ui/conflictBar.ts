import type { SaveConflict } from '../project/guardedSave';
import { strings } from '../strings';
import { h, svg } from './dom';
import { icons } from './icons';

/** Stands over the editor until somebody has chosen between two windows' texts; typing goes on meanwhile. */
export class ConflictBar {
  readonly element = h('div', { class: 'conflict', role: 'alert', hidden: true, 'data-testid': 'conflict' });
  private conflict: SaveConflict | undefined;

  constructor(private readonly onChoice: (conflict: SaveConflict, keepMine: boolean) => void) {}

  /** The file in question, or undefined. */
  get path(): string | undefined {
    return this.conflict?.path;
  }

  show(conflict: SaveConflict): void {
    const again = this.conflict?.path === conflict.path;
    this.conflict = conflict;
    // Told once: the newest text of the other window counts, but nobody has to hear it again at each key.
    if (again) return;
    const choose = (label: string, keepMine: boolean): HTMLElement => h('button', {
      type: 'button', class: 'soft-button', 'data-testid': keepMine ? 'keep-mine' : 'take-theirs',
      onclick: () => {
        const { conflict: current } = this;
        this.hide();
        if (current !== undefined) this.onChoice(current, keepMine);
      },
    }, label);
    this.element.replaceChildren(svg(icons.flag), h('span', null, conflict.message),
      h('div', { class: 'row' }, choose(strings.saved.keepMine, true), choose(strings.saved.takeTheirs, false)));
    this.element.hidden = false;
  }

  hide(): void {
    this.conflict = undefined;
    this.element.hidden = true;
  }
}
