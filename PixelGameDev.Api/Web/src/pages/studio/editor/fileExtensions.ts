import { python, pythonLanguage } from '@codemirror/lang-python';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { strings } from '../../../language';
import { pygameCompletions } from './pygameCompletions';

export function phrasesNow(): Extension {
  return EditorState.phrases.of(strings.editor.phrases);
}

export function languageOf(path: string): Extension {
  return path.endsWith('.py') ? [python(), pythonLanguage.data.of({ autocomplete: pygameCompletions })] : [];
}

export function labelOf(path: string): Extension {
  return EditorView.contentAttributes.of({
    'aria-label': strings.editor.label(path),
    'aria-description': strings.editor.keys,
    'data-testid': 'code',
    spellcheck: 'false',
    autocapitalize: 'off',
    autocorrect: 'off',
  });
}
