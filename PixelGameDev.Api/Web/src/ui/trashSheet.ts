import { strings } from '../strings';
import { ago, h, svg } from './dom';
import { icons } from './icons';
import { openSheet } from './sheet';
import { messageOf } from './toast';

export interface TrashItem {
  name: string;
  deletedAt: string;
  expiresAt: string;
  /** Another file took its place. */
  replaced?: boolean;
  restore(): Promise<void>;
  removeForGood(): Promise<void>;
}

export interface TrashSheetOptions {
  title: string;
  empty: string;
  testId: string;
  load(): Promise<TrashItem[]>;
}

/** Shows what was deleted in the last 30 days; each thing can be brought back, or deleted for good. */
export function openTrashSheet(options: TrashSheetOptions): void {
  const words = strings.trash;
  openSheet(
    options.title,
    (close) => {
      const list = h('ul', { class: 'trash-list' }, h('li', { class: 'soft' }, strings.files.loading));
      const problem = h('p', { class: 'account-refusal', role: 'alert' });
      const draw = async (): Promise<void> => {
        try {
          const items = await options.load();
          list.replaceChildren(
            ...(items.length === 0 ? [h('li', { class: 'soft', 'data-testid': 'trash-empty' }, options.empty)] : items.map(row)),
          );
        } catch (error) {
          list.replaceChildren();
          problem.textContent = messageOf(error);
        }
      };
      const act = (action: Promise<void>, then: () => void): void => {
        problem.textContent = '';
        action.then(then, (error: unknown) => (problem.textContent = messageOf(error)));
      };
      const row = (item: TrashItem): HTMLElement => {
        const element = h(
          'li',
          { class: 'trash-item', 'data-testid': `trash:${item.name}` },
          h(
            'div',
            { class: 'trash-name' },
            h('strong', null, item.name),
            h(
              'span',
              { class: 'soft' },
              `${(item.replaced === true ? words.replaced : words.deleted)(ago(item.deletedAt))} · ${words.expires(daysUntil(item.expiresAt))}`,
            ),
          ),
          h(
            'button',
            {
              type: 'button',
              class: 'soft-button',
              'aria-label': words.restoreNamed(item.name),
              onclick: () => act(item.restore(), close),
            },
            words.restore,
          ),
          h(
            'button',
            {
              type: 'button',
              class: 'icon-button small',
              'aria-label': words.removeNamed(item.name),
              title: words.removeNamed(item.name),
              onclick: () => ask(element, item),
            },
            svg(icons.bin),
          ),
        );
        return element;
      };
      // This is the one deletion that nothing brings back, so it asks, in place.
      const ask = (element: HTMLElement, item: TrashItem): void => {
        const keep = h(
          'button',
          { type: 'button', class: 'soft-button', onclick: () => element.replaceWith(row(item)) },
          strings.menu.deleteNo,
        );
        element.replaceChildren(
          h(
            'div',
            { class: 'card-ask' },
            h('p', null, words.removeAsk(item.name)),
            h(
              'div',
              { class: 'row' },
              keep,
              h(
                'button',
                { type: 'button', class: 'danger-button', onclick: () => act(item.removeForGood(), () => void draw()) },
                words.remove,
              ),
            ),
          ),
        );
        keep.focus();
      };
      void draw();
      return [h('p', { class: 'soft' }, words.hint), problem, list];
    },
    options.testId,
  );
}

function daysUntil(time: string): number {
  return Math.max(1, Math.ceil((Date.parse(time) - Date.now()) / 86_400_000));
}
