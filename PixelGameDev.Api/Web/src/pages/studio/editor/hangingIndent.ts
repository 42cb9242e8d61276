import { type Extension, RangeSetBuilder } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';

/** Deeper lines hang as these do, so that there is room for their text. */
const deepest = 24;
const widths = Array.from({ length: deepest + 1 }, (_, width) => width);
const hanging = widths.map((width) => Decoration.line({ class: `cm-hang-${width}` }));

function decorate(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      const indent = /^ */.exec(line.text)![0].length;
      builder.add(line.from, line.from, hanging[Math.min(deepest, indent + 2)]!);
      at = line.to + 1;
    }
  }
  return builder.finish();
}

/** Wraps long lines. The rest of a line begins two letters to the right of its indent, so that Python's blocks stay readable. */
export const wrapping: Extension = [
  EditorView.lineWrapping,
  ViewPlugin.define(
    (view) => ({
      lines: decorate(view),
      update(update: ViewUpdate) {
        if (update.docChanged || update.viewportChanged) this.lines = decorate(update.view);
      },
    }),
    { decorations: (value) => value.lines },
  ),
  // Classes instead of style attributes, which the page's content security policy does not allow.
  EditorView.theme(
    Object.fromEntries(
      widths.map((width) => [`.cm-line.cm-hang-${width}`, { paddingLeft: `calc(var(--space-2) + ${width}ch)`, textIndent: `-${width}ch` }]),
    ),
  ),
];
