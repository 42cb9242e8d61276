import { strings } from '../strings';
import { h } from './dom';
import { mascot } from './mascot';

/** In place of the whole page: why there is nothing here, and ways on. */
export function notFound(what: 'game' | 'page', more: HTMLElement[] = []): HTMLElement {
  const { title, text } = strings.notFound[what];
  document.title = `${title} · ${strings.title}`;
  return h(
    'main',
    { class: 'not-found', 'data-testid': 'not-found' },
    mascot('oops'),
    h('h1', null, title),
    h('p', null, text),
    h('div', { class: 'row' }, h('a', { class: 'run-button', href: '/', 'data-testid': 'to-my-games' }, strings.notFound.home), ...more),
  );
}
