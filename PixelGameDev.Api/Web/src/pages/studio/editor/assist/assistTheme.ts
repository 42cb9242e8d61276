import { EditorView } from '@codemirror/view';

const wave = (colour: string): Record<string, string> => ({
  backgroundImage: 'none',
  paddingBottom: '0',
  textDecoration: `underline wavy ${colour}`,
  textUnderlineOffset: '0.25em',
  textDecorationSkipInk: 'none',
});

/** The look of documentation and marks, in the colours of styles/tokens.css. */
export const assistTheme = EditorView.theme({
  '.cm-docs': { padding: 'var(--space-2) var(--space-3)', maxWidth: '24rem', fontFamily: 'var(--font-page)', fontSize: 'var(--text-s)' },
  '.cm-docs code': { display: 'block', fontFamily: 'var(--font-code)', color: 'var(--code-function)', overflowWrap: 'anywhere' },
  '.cm-docs span': { color: 'var(--ink-soft)', fontSize: 'var(--text-xs)' },
  '.cm-docs p': { margin: 'var(--space-1) 0 0' },
  '.cm-tooltip.cm-completionInfo': { padding: '0', maxWidth: '24rem' },
  '.cm-lintRange-error': wave('var(--coral)'),
  '.cm-lintRange-warning': wave('var(--edge-strong)'),
  '.cm-lintPoint-error:after': { borderBottomColor: 'var(--coral)' },
  '.cm-diagnostic': {
    padding: 'var(--space-2) var(--space-3)',
    fontFamily: 'var(--font-page)',
    fontSize: 'var(--text-s)',
    maxWidth: '24rem',
  },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--coral)' },
  '.cm-diagnostic-warning': { borderLeft: '4px solid var(--edge-strong)' },
  '.cm-diagnosticAction': {
    backgroundColor: 'var(--teal)',
    color: 'var(--panel)',
    borderRadius: 'var(--radius-s)',
    padding: 'var(--space-1) var(--space-2)',
    fontSize: 'var(--text-s)',
    marginLeft: 'var(--space-2)',
  },
});
