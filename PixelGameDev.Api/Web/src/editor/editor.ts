import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { python, pythonLanguage } from '@codemirror/lang-python';
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  EditorView, drawSelection, dropCursor, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers,
} from '@codemirror/view';
import { strings } from '../strings';
import { type ErrorMark, errorMarkEffect, errorMarks } from './errorMark';
import { pygameCompletions } from './pygameCompletions';
import { editorColours, editorTheme } from './theme';

export interface EditorEvents {
  onEdit(path: string, text: string): void;
}

/** One editor for all files; each file keeps its own text, cursor and undo history while the project is open. */
export class Editor {
  private readonly view: EditorView;
  private readonly states = new Map<string, EditorState>();
  private readonly scrolls = new Map<string, number>();
  private path: string | undefined;
  private readonly search = new Compartment();

  constructor(parent: HTMLElement, private readonly events: EditorEvents) {
    // A shadow root lets the editor use constructed style sheets, which a strict content security policy allows.
    const root = parent.attachShadow({ mode: 'open' });
    const holder = document.createElement('div');
    holder.style.height = '100%';
    root.append(holder);
    this.view = new EditorView({ state: EditorState.create({ extensions: [editorTheme] }), parent: holder, root });
  }

  get current(): string | undefined {
    return this.path;
  }

  has(path: string): boolean {
    return path === this.path || this.states.has(path);
  }

  /** Shows a file; `text` is needed the first time. */
  show(path: string, text: string): void {
    this.keep();
    this.path = path;
    this.view.setState(this.states.get(path) ?? this.create(path, text));
    const scroll = this.scrolls.get(path);
    requestAnimationFrame(() => {
      this.view.requestMeasure();
      if (scroll !== undefined) this.view.scrollDOM.scrollTop = scroll;
    });
  }

  /** Another text for a file, whether it is open or not. */
  replace(path: string, text: string): void {
    if (path === this.path) {
      this.view.setState(this.create(path, text));
    } else {
      this.states.set(path, this.create(path, text));
    }
  }

  /** Another text for a file as one more edit, which undo takes back; the file must have been shown. */
  exchange(path: string, text: string): void {
    if (path === this.path) {
      const { anchor } = this.view.state.selection.main;
      this.view.dispatch({
        changes: { from: 0, to: this.view.state.doc.length, insert: text }, selection: { anchor: Math.min(anchor, text.length) },
      });
      return;
    }
    const state = this.states.get(path);
    if (state !== undefined) this.states.set(path, state.update({ changes: { from: 0, to: state.doc.length, insert: text } }).state);
  }

  rename(from: string, to: string): void {
    this.keep();
    const state = this.states.get(from);
    if (state === undefined) return;
    const text = state.doc.toString();
    this.states.delete(from);
    this.states.set(to, this.create(to, text));
    if (this.path === from) {
      this.path = undefined;
      this.show(to, text);
    }
  }

  forget(path: string): void {
    if (this.path === path) this.path = undefined;
    this.states.delete(path);
    this.scrolls.delete(path);
  }

  /** Another project: nothing of the old one stays. */
  clear(): void {
    this.path = undefined;
    this.states.clear();
    this.scrolls.clear();
  }

  mark(path: string, mark: ErrorMark): void {
    this.apply(path, mark);
  }

  clearMarks(): void {
    if (this.path !== undefined) this.states.set(this.path, this.view.state);
    for (const path of [...this.states.keys()]) this.apply(path, null);
  }

  goTo(line: number, column?: number): void {
    const target = this.view.state.doc.line(Math.min(Math.max(1, line), this.view.state.doc.lines));
    const indent = target.text.length - target.text.trimStart().length;
    const position = target.from + Math.min(target.length, column !== undefined && column > 0 ? column - 1 : indent);
    this.view.dispatch({ selection: { anchor: position }, effects: EditorView.scrollIntoView(position, { y: 'center' }) });
    this.focus();
  }

  focus(): void {
    this.view.focus();
  }

  get focused(): boolean {
    return this.view.hasFocus;
  }

  measure(): void {
    this.view.requestMeasure();
  }

  private apply(path: string, mark: ErrorMark | null): void {
    const effects = errorMarkEffect(mark);
    if (path === this.path) {
      this.view.dispatch({ effects });
      if (mark !== null) {
        const line = this.view.state.doc.line(Math.min(Math.max(1, mark.line), this.view.state.doc.lines));
        this.view.dispatch({ effects: EditorView.scrollIntoView(line.from, { y: 'center' }) });
      }
      return;
    }
    const state = this.states.get(path);
    if (state !== undefined) this.states.set(path, state.update({ effects }).state);
  }

  private keep(): void {
    if (this.path === undefined) return;
    this.states.set(this.path, this.view.state);
    this.scrolls.set(this.path, this.view.scrollDOM.scrollTop);
  }

  /** Searching is loaded when somebody first wants to: the page stays light for everybody else. */
  private find(view: EditorView): boolean {
    void import('@codemirror/search').then(({ openSearchPanel, search, searchKeymap }) => {
      const current = this.search.get(view.state);
      if (Array.isArray(current) && current.length === 0) {
        view.dispatch({ effects: this.search.reconfigure([search({ top: true }), keymap.of(searchKeymap)]) });
      }
      openSearchPanel(view);
    });
    return true;
  }

  private create(path: string, text: string): EditorState {
    return EditorState.create({ doc: text, extensions: this.extensions(path) });
  }

  private extensions(path: string): Extension {
    return [
      lineNumbers(),
      highlightActiveLineGutter(),
      highlightSpecialChars(),
      history(),
      drawSelection(),
      dropCursor(),
      indentUnit.of('    '),
      EditorState.tabSize.of(4),
      EditorState.phrases.of(strings.editor.phrases),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      syntaxHighlighting(editorColours),
      autocompletion({ icons: false }),
      path.endsWith('.py') ? [python(), pythonLanguage.data.of({ autocomplete: pygameCompletions })] : [],
      errorMarks,
      editorTheme,
      EditorView.contentAttributes.of({
        'aria-label': strings.editor.label(path), 'data-testid': 'code', spellcheck: 'false', autocapitalize: 'off', autocorrect: 'off',
      }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) this.events.onEdit(path, update.state.doc.toString());
      }),
      this.search.of([]),
      // Ctrl+Enter and Ctrl+. belong to the page.
      keymap.of([{ key: 'Mod-f', run: (view) => this.find(view) }, ...closeBracketsKeymap, ...defaultKeymap.filter((key) => key.key !== 'Mod-Enter'), ...historyKeymap,
        ...completionKeymap, indentWithTab]),
    ];
  }
}
