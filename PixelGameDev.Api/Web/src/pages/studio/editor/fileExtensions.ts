import { pythonLanguage } from '@codemirror/lang-python';
import { LanguageSupport } from '@codemirror/language';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { strings } from '../../../language';

export function phrasesNow(): Extension {
  return EditorState.phrases.of(strings.editor.phrases);
}

export function languageOf(path: string): Extension {
  return path.endsWith('.py') ? new LanguageSupport(pythonLanguage) : [];
}

export function labelOf(path: string): Extension {
  return EditorView.contentAttributes.of({
    'aria-label': strings.editor.label(path),
    'aria-description': strings.editor.keys,
    'data-testid': 'code',
    // Says to tools that look for it that the keyboard reaches what scrolls here.
    tabindex: '0',
    spellcheck: 'false',
    autocapitalize: 'off',
    autocorrect: 'off',
  });
}
