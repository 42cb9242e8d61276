import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The editor's theme. All its colours are variables of styles/tokens.css, so it follows the page's theme. */
export const editorTheme = EditorView.theme({
  '&': { height: '100%', color: 'var(--code-name)', backgroundColor: 'var(--panel)', fontSize: 'var(--text-code)' },
  '&.cm-locked .cm-content': { opacity: '.55', cursor: 'progress' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-code)', lineHeight: 'var(--line-code)', fontVariantLigatures: 'none' },
  '.cm-content': { padding: 'var(--space-3) 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 var(--space-3) 0 var(--space-2)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection': {
    backgroundColor: 'var(--code-selection)',
  },
  '.cm-activeLine': { backgroundColor: 'var(--code-line)' },
  '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--code-comment)', border: 'none', paddingLeft: 'var(--space-1)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--code-line)', color: 'var(--ink)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '2.2em', padding: '0 var(--space-1)' },
  '.cm-errorGutter': { width: '1em' },
  '.cm-errorMarker': { color: 'var(--coral)', fontWeight: '700', cursor: 'help' },
  '.cm-errorLine, .cm-errorLine.cm-activeLine': { backgroundColor: 'var(--coral-paper)' },
  '.cm-errorText': { textDecoration: 'underline wavy var(--coral)', textUnderlineOffset: '0.25em', textDecorationSkipInk: 'none' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--code-match)', outline: 'none' },
  '.cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--coral-paper)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--code-match)' },
  '.cm-searchMatch': { backgroundColor: 'var(--code-match)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--sun)', color: 'var(--on-sun)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--panel)',
    color: 'var(--ink)',
    border: '1px solid var(--edge)',
    borderRadius: 'var(--radius-s)',
    boxShadow: 'var(--shadow)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-code)', fontSize: 'var(--text-s)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: 'var(--space-1) var(--space-3)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--teal-paper)', color: 'var(--ink)' },
  '.cm-completionDetail': { color: 'var(--ink-soft)', fontStyle: 'normal', fontFamily: 'var(--font-page)' },
  '.cm-completionIcon': { display: 'none' },
  '.cm-errorTooltip': {
    padding: 'var(--space-2) var(--space-3)',
    fontFamily: 'var(--font-page)',
    fontSize: 'var(--text-s)',
    maxWidth: '22rem',
  },
  '.cm-errorTooltip strong': { display: 'block', color: 'var(--coral-ink)' },
  '.cm-panels': { backgroundColor: 'var(--panel-2)', color: 'var(--ink)', borderColor: 'var(--edge)', fontFamily: 'var(--font-page)' },
  '.cm-panel.cm-search': { padding: 'var(--space-2)', fontSize: 'var(--text-s)' },
  '.cm-textfield': {
    backgroundColor: 'var(--panel)',
    color: 'var(--ink)',
    border: '1px solid var(--edge-strong)',
    borderRadius: 'var(--radius-s)',
    fontSize: 'var(--text-s)',
    padding: 'var(--space-1) var(--space-2)',
  },
  '.cm-button': {
    backgroundColor: 'var(--panel)',
    backgroundImage: 'none',
    color: 'var(--ink)',
    border: '1px solid var(--edge-strong)',
    borderRadius: 'var(--radius-s)',
    fontSize: 'var(--text-s)',
    padding: 'var(--space-1) var(--space-2)',
  },
  '.cm-panel.cm-search label': { fontSize: 'var(--text-s)', whiteSpace: 'nowrap' },
  '.cm-panel.cm-search [name=close]': { color: 'var(--ink)', fontSize: 'var(--text-l)' },
});

export const editorColours = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword, tags.self],
    color: 'var(--code-keyword)',
  },
  { tag: [tags.string, tags.special(tags.string), tags.docString], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--code-comment)' },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.function(tags.definition(tags.variableName))],
    color: 'var(--code-function)',
  },
  { tag: [tags.className, tags.definition(tags.className), tags.meta], color: 'var(--code-type)' },
  { tag: tags.invalid, color: 'var(--coral-ink)' },
]);
