import { strings } from '../strings';
import { h, svg } from './dom';
import { icons } from './icons';

export interface ToastOptions {
  kind?: 'plain' | 'good' | 'bad';
  action?: { label: string; run(): void };
  /** Milliseconds on the page. */
  time?: number;
  /** A newer toast with the same key takes its place. */
  key?: string;
}

const shelf = h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' });

/** A short message at the edge of the page; it never stands in the way. */
export function toast(text: string, options: ToastOptions = {}): void {
  if (!shelf.isConnected) document.body.append(shelf);
  if (options.key !== undefined) shelf.querySelector(`[data-key="${options.key}"]`)?.remove();
  const remove = (): void => element.remove();
  const element = h(
    'div',
    { class: `toast ${options.kind ?? 'plain'}`, 'data-key': options.key, 'data-testid': 'toast' },
    h('span', null, text),
    options.action &&
      h(
        'button',
        {
          type: 'button',
          class: 'toast-action',
          onclick: () => {
            remove();
            options.action?.run();
          },
        },
        options.action.label,
      ),
    h('button', { type: 'button', class: 'icon-button small', 'aria-label': strings.toast.close, onclick: remove }, svg(icons.close)),
  );
  shelf.append(element);
  while (shelf.childElementCount > 3) shelf.firstElementChild!.remove();
  setTimeout(remove, options.time ?? (options.action ? 8000 : 4000));
}

/** The sentence of an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Shows the reason when something the person asked for did not work. */
export async function attempt(action: Promise<unknown>): Promise<void> {
  try {
    await action;
  } catch (error) {
    toast(messageOf(error), { kind: 'bad' });
  }
}
