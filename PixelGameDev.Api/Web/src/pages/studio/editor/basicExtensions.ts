import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  dropCursor,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { remembered } from '../../../frame/remembered';
import { toast } from '../../../frame/toasts';
import { codeSize, projector, wrapLines } from '../../../frame/view';
import { strings } from '../../../language';
import { wrapping } from './hangingIndent';
import { editorColours } from './theme';

/** What the editor of each file does. */
export const basicExtensions: Extension = [
  lineNumbers(),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  history(),
  drawSelection(),
  dropCursor(),
  indentUnit.of('    '),
  EditorState.tabSize.of(4),
  indentOnInput(),
  bracketMatching(),
  highlightActiveLine(),
  syntaxHighlighting(editorColours),
];

/** The keys of the editor. The page uses Ctrl+Enter and Ctrl+. itself. */
export const editorKeys: Extension = keymap.of([
  ...defaultKeymap.filter((key) => key.key !== 'Mod-Enter' && key.key !== 'Mod-i'),
  ...historyKeymap,
  { key: 'Tab', run: (view) => tellHowToLeave() || indentMore(view), shift: indentLess },
]);

/** Tells at the first Tab of this browser how the keyboard leaves the code. */
function tellHowToLeave(): false {
  if (remembered.get('tabTold') === null) toast(strings.editor.keys, { time: 10_000 });
  remembered.set('tabTold', 'yes');
  return false;
}

/** Whether lines wrap. Reads everything that changes the size of the code, so that an effect follows it. */
export function wrapNow(): Extension {
  void codeSize.value;
  void projector.value;
  return wrapLines.value ? wrapping : [];
}
