import { type Extension, RangeSet, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter, hoverTooltip } from '@codemirror/view';
import { strings } from '../../../language';

export interface ErrorMark {
  /** 1-based. */
  line: number;
  title: string;
  hint: string;
}

const setMark = StateEffect.define<ErrorMark | null>();

class Marker extends GutterMarker {
  constructor(private readonly title: string) {
    super();
  }

  override eq(other: Marker): boolean {
    return other.title === this.title;
  }

  override toDOM(): Node {
    const element = document.createElement('span');
    element.className = 'cm-errorMarker';
    element.textContent = '●';
    element.title = this.title;
    element.setAttribute('role', 'img');
    element.setAttribute('aria-label', `${strings.editor.errorMark}: ${this.title}`);
    return element;
  }
}

interface Marked {
  mark: ErrorMark | null;
  decorations: DecorationSet;
  markers: RangeSet<GutterMarker>;
}

const nothing: Marked = { mark: null, decorations: Decoration.none, markers: RangeSet.empty };

/** Marks the line where the game stopped. The next edit removes the mark, because the line may then be right. */
const field = StateField.define<Marked>({
  create: () => nothing,
  update(value, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setMark)) continue;
      const mark = effect.value;
      if (mark === null) return nothing;
      const line = transaction.state.doc.line(Math.min(Math.max(1, mark.line), transaction.state.doc.lines));
      const start = line.from + (line.text.length - line.text.trimStart().length);
      const end = line.from + line.text.trimEnd().length;
      const ranges = [Decoration.line({ class: 'cm-errorLine', attributes: { 'data-testid': 'error-line' } }).range(line.from)];
      if (end > start) ranges.push(Decoration.mark({ class: 'cm-errorText' }).range(start, end));
      return { mark, decorations: Decoration.set(ranges), markers: RangeSet.of([new Marker(mark.title).range(line.from)]) };
    }
    return transaction.docChanged ? nothing : value;
  },
  provide: (f) => EditorView.decorations.from(f, (value) => value.decorations),
});

const tooltip = hoverTooltip(
  (view, position) => {
    const { mark } = view.state.field(field);
    if (mark === null) return null;
    const line = view.state.doc.lineAt(position);
    if (line.number !== mark.line) return null;
    return {
      pos: line.from,
      end: line.to,
      above: false,
      create: () => {
        const dom = document.createElement('div');
        dom.className = 'cm-errorTooltip';
        const title = document.createElement('strong');
        title.textContent = mark.title;
        dom.append(title, mark.hint);
        return { dom };
      },
    };
  },
  { hoverTime: 150 },
);

export const errorMarks: Extension = [
  field,
  gutter({ class: 'cm-errorGutter', markers: (view) => view.state.field(field).markers }),
  tooltip,
];

export function errorMarkEffect(mark: ErrorMark | null): StateEffect<ErrorMark | null> {
  return setMark.of(mark);
}
