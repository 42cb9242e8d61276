import {
  acceptCompletion,
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionStatus,
  selectedCompletion,
} from '@codemirror/autocomplete';
import { type Diagnostic, linter, nextDiagnostic, previousDiagnostic } from '@codemirror/lint';
import { type Extension, Prec, StateField } from '@codemirror/state';
import { EditorView, keymap, type ViewUpdate } from '@codemirror/view';
import { language } from '../../../../language';
import { loadAssistWords } from '../../../../language/assistWords';
import { assistTheme } from './assistTheme';
import { type Code, readCode } from './code';
import { completePython } from './completions';
import { documentation } from './documentation';
import { nameMarks } from './nameMarks';
import { type Mark, syntaxMarks } from './syntaxMarks';
import type { Game } from './types';

/** What the help reads of the project. */
export interface AssistPorts {
  /** The files of the game, and from where each can be read; another address after a change. */
  files(): readonly { path: string; url: string }[];
  /** Returns the text of a file that was opened; undefined for others. */
  textOf(path: string): string | undefined;
}

const reachableChoicesKey = {};

/** Time without a key until mistakes are marked, milliseconds. */
const markDelay = 600;
/** Longest file that is read at each pause, letters. A longer one is data. */
const mostLetters = 200_000;

/** Returns the editor's help for a file: completion, documentation, and marks for mistakes. Loads its words first. */
export async function loadAssist(ports: AssistPorts): Promise<(path: string) => Extension> {
  await loadAssistWords(language());
  const game = gameOf(ports);
  return (path) => [
    assistTheme,
    reachableChoices,
    closeBrackets(),
    // Before the keys of the completion itself.
    Prec.highest(
      keymap.of([
        { key: 'Tab', run: acceptCompletion },
        { key: 'Enter', run: closeIfWritten },
        { key: 'Escape', run: closeIfNotShown },
      ]),
    ),
    autocompletion({ icons: false, override: [(context) => complete(context, game, path)] }),
    keymap.of(closeBracketsKeymap),
    ...(path.endsWith('.py') ? [marks(game), documentation(game)] : []),
  ];
}

/** Lets Enter begin a new line if the chosen word stands there already: `pass`. */
function closeIfWritten(view: EditorView): boolean {
  const chosen = selectedCompletion(view.state);
  if (chosen === null) return false;
  const { head } = view.state.selection.main;
  if (view.state.sliceDoc(head - chosen.label.length, head) === chosen.label) closeCompletion(view);
  return false;
}

/** Lets Escape prepare for leaving the code with Tab if there are no choices to be seen, but some on their way. */
function closeIfNotShown(view: EditorView): boolean {
  if (completionStatus(view.state) === 'pending') closeCompletion(view);
  return false;
}

/** Makes the list of choices an element that the keyboard can reach, because it scrolls. */
const reachableChoices = EditorView.updateListener.of(({ view, state }) => {
  if (completionStatus(state) !== 'active') return;
  view.requestMeasure({
    key: reachableChoicesKey,
    read: () => view.dom.querySelector('.cm-tooltip-autocomplete > ul'),
    write: (list) => list?.setAttribute('tabindex', '0'),
  });
});

async function complete(context: CompletionContext, game: Game, path: string): Promise<CompletionResult | null> {
  if (!path.endsWith('.py') || context.state.doc.length > mostLetters) return null;
  await loadAssistWords(language());
  return completePython(context, game, path);
}

/** Reads other files of the game when something asks for them, and again when their texts have changed. */
function gameOf(ports: AssistPorts): Game {
  const codes = new Map<string, Code>();
  const read = new Map<string, string | undefined>();
  const readLater = async (url: string): Promise<void> => {
    read.set(url, undefined);
    const answer = await fetch(url);
    if (answer.ok) read.set(url, await answer.text());
  };
  return {
    get paths() {
      return ports.files().map(({ path }) => path);
    },
    codeOf: (path) => {
      const file = ports.files().find((other) => other.path === path);
      if (file === undefined) return undefined;
      const text = ports.textOf(path) ?? read.get(file.url);
      if (text === undefined) {
        // The next key finds it.
        if (!read.has(file.url)) void readLater(file.url).catch(() => read.delete(file.url));
        return undefined;
      }
      let code = codes.get(path);
      if (code?.text !== text) codes.set(path, (code = readCode(text)));
      return code;
    },
  };
}

function marks(game: Game): Extension {
  // A new search for mistakes closes what F8 has shown, so there is one only if it can find more.
  let hidden = false;
  const find = async ({ state }: EditorView): Promise<Diagnostic[]> => {
    await loadAssistWords(language());
    if (state.doc.length > mostLetters) return [];
    const text = state.doc.toString();
    const syntax = syntaxMarks(text);
    const all = [...syntax, ...nameMarks(readCode(text), game)];
    // The line that is being written is not finished.
    const writing = state.field(writingAt);
    const shown = all.filter(({ to }) => state.doc.lineAt(to).number !== writing);
    hidden = shown.length < all.length;
    return shown.map((mark) => diagnosticOf(mark, syntax.includes(mark)));
  };
  const leftLine = ({ startState, state }: ViewUpdate): boolean =>
    hidden && startState.field(writingAt, false) !== state.field(writingAt, false);
  return [
    writingAt,
    linter(find, { delay: markDelay, needsRefresh: leftLine }),
    keymap.of([
      { key: 'F8', run: nextDiagnostic },
      { key: 'Shift-F8', run: previousDiagnostic },
    ]),
  ];
}

function diagnosticOf({ from, to, message, fix }: Mark, isSyntax: boolean): Diagnostic {
  return {
    from,
    to,
    message,
    severity: isSyntax ? 'error' : 'warning',
    ...(fix !== undefined && {
      actions: [
        {
          name: fix.label,
          apply: (view: EditorView) => view.dispatch({ changes: { from: fix.from, to: fix.to, insert: fix.text }, userEvent: 'input' }),
        },
      ],
    }),
  };
}

/** The line that is being written; undefined after the cursor has left it. */
const writingAt = StateField.define<number | undefined>({
  create: () => undefined,
  update(value, transaction) {
    const { docChanged, selection, state } = transaction;
    const line = state.doc.lineAt(state.selection.main.head).number;
    if (docChanged && (transaction.isUserEvent('input') || transaction.isUserEvent('delete'))) return line;
    return selection !== undefined && line !== value ? undefined : value;
  },
});
