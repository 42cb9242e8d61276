import { strings } from '../strings';
import { h, iconButton } from './dom';
import { icons } from './icons';

/**
 * A sheet over the page that goes away by itself: Escape, a click beside it, its button. The dialog element keeps the
 * keyboard inside while it is open and gives it back afterwards.
 */
export function openSheet(title: string, content: (close: () => void) => Node[], testId: string, onClose?: () => void): () => void {
  const back = document.activeElement as HTMLElement | null;
  const close = (): void => {
    if (dialog.isConnected) dialog.close();
  };
  const dialog = h('dialog', { class: 'sheet', 'aria-label': title, 'data-testid': testId });
  dialog.append(
    h(
      'div',
      { class: 'sheet-inner' },
      h('div', { class: 'sheet-head' }, h('h2', null, title), iconButton({ icon: icons.close, label: strings.menu.close, onClick: close })),
      ...content(close),
    ),
  );
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) close();
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    onClose?.();
    back?.focus?.();
  });
  document.body.append(dialog);
  dialog.showModal();
  return close;
}

export function openKeysSheet(): void {
  if (document.querySelector('[data-testid="keys-sheet"]') !== null) return;
  openSheet(
    strings.keys.title,
    () => [
      h(
        'dl',
        { class: 'keys' },
        ...strings.keys.list.flatMap(([keys, what]) => [h('dt', null, h('kbd', null, keys)), h('dd', null, what)]),
      ),
    ],
    'keys-sheet',
  );
}
