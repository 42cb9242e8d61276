import { type EditorState, type Extension, Prec, StateEffect, StateField } from '@codemirror/state';
import { EditorView, hoverTooltip, keymap, showTooltip, type Tooltip } from '@codemirror/view';
import { readCode } from './code';
import { describeAt, drawDescription } from './describe';
import { type Game, Types } from './types';

const show = StateEffect.define<Tooltip | null>();

/** Describes the name under the mouse, or, after Ctrl+I, the name at the cursor. */
export function documentation(game: Game): Extension {
  const field = StateField.define<Tooltip | null>({
    create: () => null,
    update(value, transaction) {
      for (const effect of transaction.effects) if (effect.is(show)) return effect.value;
      return transaction.docChanged || transaction.selection !== undefined ? null : value;
    },
    provide: (of) => showTooltip.from(of),
  });
  const hide = (view: EditorView): boolean => {
    if (view.state.field(field) === null) return false;
    view.dispatch({ effects: show.of(null) });
    return true;
  };
  return [
    field,
    EditorView.domEventHandlers({ blur: (_, view) => void hide(view) }),
    hoverTooltip((view, position, side) => tooltipAt(view.state, position, side, game), { hoverTime: 400 }),
    Prec.high(
      keymap.of([
        {
          key: 'Mod-i',
          run: (view) => {
            const { head } = view.state.selection.main;
            const tooltip = tooltipAt(view.state, head, -1, game) ?? tooltipAt(view.state, head, 1, game);
            view.dispatch({ effects: show.of(tooltip) });
            return true;
          },
        },
        { key: 'Escape', run: hide },
      ]),
    ),
  ];
}

function tooltipAt(state: EditorState, position: number, side: -1 | 1, game: Game): Tooltip | null {
  const code = readCode(state.doc.toString());
  const node = code.tree.resolveInner(position, side);
  if (node.to - node.from > 40 || node.firstChild !== null || position < node.from || position > node.to) return null;
  const found = describeAt(code, new Types(code, game, true), node);
  if (found === undefined || (found.text === '' && found.home === '')) return null;
  const create = (): { dom: HTMLElement } => {
    const dom = drawDescription(found);
    dom.setAttribute('role', 'status');
    return { dom };
  };
  return { pos: node.from, end: node.to, above: true, create };
}
