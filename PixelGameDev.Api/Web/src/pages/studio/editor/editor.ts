import { isolateHistory } from '@codemirror/commands';
import { Annotation, Compartment, EditorState, type Extension, type TransactionSpec } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { effect } from '@preact/signals';
import type { TextEdit } from '../project/projectPorts';
import type { AssistPorts } from './assist/assist';
import { basicExtensions, editorKeys, wrapNow } from './basicExtensions';
import { type ErrorMark, errorMarkEffect, errorMarks } from './errorMark';
import { labelOf, languageOf, phrasesNow } from './fileExtensions';
import { searchKeys } from './searchKeys';
import { editorTheme } from './theme';

export interface EditorEvents {
  onEdit(path: string, text: string): void;
  /** The files of the game, for the editor's help. */
  files: AssistPorts['files'];
}

/** Time until mistakes are marked in code that nobody has touched yet, milliseconds: the page itself is loaded first. */
const helpDelay = 2000;

/** Marks a change that was not typed here: it is shown, but not saved. */
const fromOutside = Annotation.define<boolean>();

/** Holds one editor for all files. Each file keeps its own text, cursor and undo history while the project is open. */
export class Editor {
  private readonly view: EditorView;
  private readonly states = new Map<string, EditorState>();
  private readonly scrolls = new Map<string, number>();
  private path: string | undefined;
  private readonly wrap = new Compartment();
  private readonly language = new Compartment();
  private readonly label = new Compartment();
  private readonly phrases = new Compartment();
  private readonly assist = new Compartment();
  private assistOf: (path: string) => Extension = () => [];
  private assistLoads = false;
  private locks = 0;

  constructor(
    parent: HTMLElement,
    private readonly events: EditorEvents,
  ) {
    // A shadow root lets the editor use constructed style sheets, which a strict content security policy allows.
    const root = parent.attachShadow({ mode: 'open' });
    const holder = document.createElement('div');
    holder.style.height = '100%';
    root.append(holder);
    this.view = new EditorView({ state: this.blank(), parent: holder, root });
    // For people who only pass by with Tab: Tab indents only after a click or a key in the code.
    this.view.setTabFocusMode(true);
    this.view.contentDOM.addEventListener('focus', () => void this.loadAssist().catch(() => undefined));
    this.view.contentDOM.addEventListener('blur', () => this.view.setTabFocusMode(true));
    this.view.contentDOM.addEventListener('pointerdown', () => this.view.setTabFocusMode(false));
    effect(() => this.speak(phrasesNow()));
    effect(() => this.look(wrapNow()));
  }

  /** Applies the person's choice of wrapped lines; the size of the letters has changed the places of all others. */
  private look(wrap: Extension): void {
    for (const path of this.paths) this.change(path, { effects: this.wrap.reconfigure(wrap) });
    this.view.requestMeasure();
  }

  /** Loads completion, documentation and marks when somebody writes for the first time or some time after the page, so that the page stays small. */
  private async loadAssist(): Promise<void> {
    if (this.assistLoads) return;
    this.assistLoads = true;
    try {
      const { loadAssist } = await import('./assist/assist');
      this.assistOf = await loadAssist({ files: () => this.events.files(), textOf: (path) => this.text(path) });
    } catch (error) {
      this.assistLoads = false;
      throw error;
    }
    for (const path of this.paths) this.change(path, { effects: this.assist.reconfigure(this.assistOf(path)) });
  }

  private get paths(): ReadonlySet<string> {
    return new Set([...this.states.keys(), ...(this.path === undefined ? [] : [this.path])]);
  }

  /** Changes the language of the editor's own words and of the files' labels. */
  private speak(phrases: Extension): void {
    for (const path of this.paths) {
      this.change(path, { effects: [this.phrases.reconfigure(phrases), this.label.reconfigure(labelOf(path))] });
    }
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
    setTimeout(() => void this.loadAssist().catch(() => undefined), helpDelay);
    const scroll = this.scrolls.get(path);
    // A file that is shown the first time begins at its top, however far the one before it was scrolled.
    if (scroll === undefined) this.view.scrollDOM.scrollTop = 0;
    requestAnimationFrame(() => {
      this.view.requestMeasure();
      if (scroll !== undefined) this.view.scrollDOM.scrollTop = scroll;
    });
  }

  text(path: string): string | undefined {
    return (path === this.path ? this.view.state : this.states.get(path))?.doc.toString();
  }

  /** Keeps the text of a file that has not been shown yet. */
  prepare(path: string, text: string): void {
    if (!this.has(path)) this.states.set(path, this.create(path, text));
  }

  /**
   * Replaces a file's text; one undo restores the old one. The file must have been shown or prepared. With `edits`, which lead to the same
   * text, the cursor stays where it is.
   */
  replaceWithUndo(path: string, text: string, edits?: readonly TextEdit[]): void {
    const state = path === this.path ? this.view.state : this.states.get(path);
    if (state === undefined || state.doc.toString() === text) return;
    const whole = {
      changes: { from: 0, to: state.doc.length, insert: text },
      selection: { anchor: Math.min(state.selection.main.anchor, text.length) },
    };
    this.change(path, {
      ...(edits === undefined ? whole : { changes: [...edits] }),
      // A separate step for undo, even between two keys.
      annotations: [fromOutside.of(true), isolateHistory.of('full')],
    });
  }

  /** Renames a file; its text, cursor and undo history stay. */
  rename(from: string, to: string): void {
    if (!this.has(from)) return;
    this.change(from, {
      effects: [this.language.reconfigure(languageOf(to)), this.label.reconfigure(labelOf(to)), this.assist.reconfigure(this.assistOf(to))],
      annotations: fromOutside.of(true),
    });
    const state = this.states.get(from);
    const scroll = this.scrolls.get(from);
    this.states.delete(from);
    this.scrolls.delete(from);
    if (state !== undefined) this.states.set(to, state);
    if (scroll !== undefined) this.scrolls.set(to, scroll);
    if (this.path === from) this.path = to;
  }

  /** Forgets a file. If it is visible, the editor is empty until another one is shown. */
  close(path: string): void {
    if (this.path === path) {
      this.path = undefined;
      this.view.setState(this.blank());
    }
    this.states.delete(path);
    this.scrolls.delete(path);
  }

  /** Removes everything of the old project. */
  clear(): void {
    this.path = undefined;
    this.states.clear();
    this.scrolls.clear();
    this.view.setState(this.blank());
  }

  /** Takes no keys until the returned function is called, because text typed now would belong to no project. */
  lock(): () => void {
    this.locks += 1;
    this.showLock();
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.locks -= 1;
      this.showLock();
    };
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
    this.view.setTabFocusMode(false);
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

  private change(path: string, spec: TransactionSpec): void {
    if (path === this.path) {
      this.view.dispatch(spec);
      return;
    }
    const state = this.states.get(path);
    if (state !== undefined) this.states.set(path, state.update(spec).state);
  }

  private blank(): EditorState {
    // Completion reads its own state a moment after the editor has lost the keyboard.
    return EditorState.create({
      extensions: [this.assistOf(''), editorTheme, EditorState.readOnly.of(true), EditorView.editable.of(false)],
    });
  }

  private showLock(): void {
    this.view.dom.classList.toggle('cm-locked', this.locks > 0);
    this.view.contentDOM.setAttribute('aria-busy', String(this.locks > 0));
  }

  private keep(): void {
    if (this.path === undefined) return;
    this.states.set(this.path, this.view.state);
    this.scrolls.set(this.path, this.view.scrollDOM.scrollTop);
  }

  private create(path: string, text: string): EditorState {
    return EditorState.create({ doc: text, extensions: this.extensions(path) });
  }

  private extensions(path: string): Extension {
    return [
      basicExtensions,
      this.phrases.of(phrasesNow()),
      this.language.of(languageOf(path)),
      errorMarks,
      editorTheme,
      this.label.of(labelOf(path)),
      EditorState.changeFilter.of((transaction) => this.locks === 0 || transaction.annotation(fromOutside) === true),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged || this.path === undefined || update.transactions.some((transaction) => transaction.annotation(fromOutside)))
          return;
        this.view.setTabFocusMode(false);
        this.events.onEdit(this.path, update.state.doc.toString());
      }),
      this.wrap.of(wrapNow()),
      this.assist.of(this.assistOf(path)),
      searchKeys,
      editorKeys,
    ];
  }
}
