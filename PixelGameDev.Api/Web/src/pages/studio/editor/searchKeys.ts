import { Compartment, type Extension } from '@codemirror/state';
import { type Command, keymap } from '@codemirror/view';

type Search = typeof import('@codemirror/search');

const compartment = new Compartment();

/** Makes a command of the search, which is loaded at its first use, so that the page stays small. */
function withSearch(command: (search: Search) => Command): Command {
  return (view) => {
    void import('@codemirror/search').then((search) => {
      const current = compartment.get(view.state);
      if (Array.isArray(current) && current.length === 0) {
        // Ctrl+G goes to a line here.
        const keys = search.searchKeymap.filter(({ key }) => key !== 'Mod-g' && key !== 'Mod-f');
        view.dispatch({ effects: compartment.reconfigure([search.search({ top: true }), keymap.of(keys)]) });
      }
      command(search)(view);
    });
    return true;
  };
}

const find = withSearch((search) => search.openSearchPanel);

/** Opens the search with the keyboard in the field for the new text. */
const replace = withSearch((search) => (view) => {
  search.openSearchPanel(view);
  view.dom.querySelector<HTMLInputElement>('.cm-search input[name=replace]')?.focus();
  return true;
});

/** Asks for a line. Returns the keyboard to the code itself: CodeMirror looks for it in the document, not in the shadow root. */
const goToLine = withSearch((search) => (view) => {
  search.gotoLine(view);
  const dialog = view.dom.querySelector('.cm-goto-line');
  const back = (): void => void setTimeout(() => view.focus());
  dialog?.querySelector('form')?.addEventListener('submit', back);
  dialog?.querySelector('.cm-dialog-close')?.addEventListener('click', back);
  dialog?.addEventListener('keydown', (event) => {
    if (event instanceof KeyboardEvent && (event.key === 'Enter' || event.key === 'Escape')) back();
  });
  return true;
});

/** The keys that people know from other programs. */
export const searchKeys: Extension = [
  compartment.of([]),
  keymap.of([
    { key: 'Mod-f', run: find, scope: 'editor search-panel' },
    { key: 'Ctrl-h', mac: 'Mod-Alt-f', run: replace, scope: 'editor search-panel', preventDefault: true },
    {
      key: 'F3',
      run: withSearch((search) => search.findNext),
      shift: withSearch((search) => search.findPrevious),
      scope: 'editor search-panel',
      preventDefault: true,
    },
    { key: 'Ctrl-g', run: goToLine, preventDefault: true },
  ]),
];
