import type { Me, ProjectSummary, Storage, Template, TrashedProject } from '../project/api';
import { strings } from '../strings';
import { type AccountActions, openAccountSheet } from './accountSheet';
import { ago, h, svg } from './dom';
import { icons } from './icons';
import { mascot } from './mascot';
import { openKeysSheet, openSheet } from './sheet';
import { currentTheme, setTheme, type Theme } from './theme';
import { openTrashSheet } from './trashSheet';

export interface MenuActions {
  person(): Me | undefined;
  account: AccountActions;
  signOut(): void;
  currentProject(): string | undefined;
  listProjects(): Promise<ProjectSummary[]>;
  listTemplates(): Promise<Template[]>;
  openProject(id: string): void;
  createProject(template: Template): void;
  deleteProject(project: ProjectSummary): Promise<void>;
  listTrash(): Promise<TrashedProject[]>;
  restoreProject(id: string): Promise<void>;
  removeProject(id: string): Promise<void>;
  /** How much room the person's files take; undefined where it is not known. */
  storage(): Promise<Storage | undefined>;
}

/** The menu below its button: games, new game, colours, keys. */
export function openMenu(button: HTMLElement, actions: MenuActions): void {
  const themes: readonly (readonly [Theme, string])[] = [
    ['auto', strings.menu.themeAuto],
    ['light', strings.menu.themeLight],
    ['dark', strings.menu.themeDark],
  ];
  const entry = (icon: string, label: string, testId: string, run: () => void): HTMLElement =>
    h(
      'button',
      {
        type: 'button',
        class: 'menu-item',
        role: 'menuitem',
        'data-testid': testId,
        onclick: () => {
          close();
          run();
        },
      },
      svg(icon),
      h('span', null, label),
    );

  const person = actions.person();
  const account =
    person === undefined || person.guest
      ? [
          entry(icons.person, strings.account.signUp.entry, 'menu-sign-up', () => openAccountSheet('signUp', actions.account)),
          entry(icons.person, strings.account.signIn.entry, 'menu-sign-in', () => openAccountSheet('signIn', actions.account)),
        ]
      : [entry(icons.person, strings.account.signOut(person.name), 'menu-sign-out', () => actions.signOut())];

  const menu = h(
    'div',
    { class: 'menu', role: 'menu', 'data-testid': 'menu-list' },
    entry(icons.games, strings.menu.games, 'menu-games', () => openGames(actions)),
    entry(icons.plus, strings.menu.newGame, 'menu-new', () => openTemplates(actions)),
    entry(icons.unbin, strings.trash.entry, 'menu-trash', () => openProjectTrash(actions)),
    ...account,
    entry(icons.keyboard, strings.menu.keys, 'menu-keys', openKeysSheet),
    h(
      'div',
      { class: 'menu-theme', role: 'group', 'aria-label': strings.menu.theme },
      svg(icons.theme),
      ...themes.map(([theme, label]) =>
        h(
          'button',
          {
            type: 'button',
            class: 'chip',
            role: 'menuitemradio',
            'aria-checked': String(theme === currentTheme()),
            'data-testid': `theme-${theme}`,
            onclick: (event: MouseEvent) => {
              setTheme(theme);
              for (const chip of menu.querySelectorAll('.chip')) chip.setAttribute('aria-checked', String(chip === event.currentTarget));
            },
          },
          label,
        ),
      ),
    ),
    storageLine(actions),
  );

  const close = (): void => {
    menu.remove();
    button.setAttribute('aria-expanded', 'false');
    removeEventListener('pointerdown', outside, true);
  };
  const outside = (event: Event): void => {
    if (!menu.contains(event.target as Node) && !button.contains(event.target as Node)) close();
  };
  const existing = document.querySelector('.menu');
  if (existing !== null) {
    existing.dispatchEvent(new CustomEvent('menu-close'));
    return;
  }
  menu.addEventListener('menu-close', close);
  menu.addEventListener('keydown', (event) => {
    const items = [...menu.querySelectorAll<HTMLElement>('button')];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Escape') {
      close();
      button.focus();
    } else if (move !== 0) {
      event.preventDefault();
      items[(at + move + items.length) % items.length]?.focus();
    }
  });
  menu.addEventListener('focusout', (event) => {
    if (event.relatedTarget !== null && !menu.contains(event.relatedTarget as Node) && event.relatedTarget !== button) close();
  });
  addEventListener('pointerdown', outside, true);
  button.setAttribute('aria-expanded', 'true');
  button.after(menu);
  menu.querySelector('button')?.focus();
}

function openGames(actions: MenuActions): void {
  openSheet(
    strings.menu.games,
    (close) => {
      const list = h('ul', { class: 'cards' });
      const draw = async (): Promise<void> => {
        try {
          const projects = await actions.listProjects();
          list.replaceChildren(...projects.map((project) => card(project)));
        } catch (error) {
          list.replaceChildren(h('li', { class: 'soft' }, (error as Error).message));
        }
      };
      const card = (project: ProjectSummary): HTMLElement => {
        const isOpen = project.id === actions.currentProject();
        const item = h(
          'li',
          { class: `card${isOpen ? ' current' : ''}` },
          h(
            'button',
            {
              type: 'button',
              class: 'card-open',
              onclick: () => {
                close();
                actions.openProject(project.id);
              },
            },
            h('strong', null, project.name),
            h('span', { class: 'soft' }, isOpen ? strings.menu.open : strings.menu.lastChange(ago(project.updatedAt))),
          ),
          h(
            'button',
            {
              type: 'button',
              class: 'icon-button small',
              'aria-label': strings.menu.deleteGame(project.name),
              title: strings.menu.deleteGame(project.name),
              onclick: () => ask(item, project),
            },
            svg(icons.bin),
          ),
        );
        return item;
      };
      // A whole game is a lot, so it asks, in place.
      const ask = (item: HTMLElement, project: ProjectSummary): void => {
        const keep = h(
          'button',
          { type: 'button', class: 'soft-button', onclick: () => item.replaceWith(card(project)) },
          strings.menu.deleteNo,
        );
        item.replaceChildren(
          h(
            'div',
            { class: 'card-ask' },
            h('p', null, strings.menu.deleteAsk(project.name)),
            h(
              'div',
              { class: 'row' },
              keep,
              h(
                'button',
                {
                  type: 'button',
                  class: 'danger-button',
                  onclick: () => {
                    void actions.deleteProject(project).then(draw);
                  },
                },
                strings.menu.deleteYes,
              ),
            ),
          ),
        );
        keep.focus();
      };
      void draw();
      return [
        list,
        h(
          'div',
          { class: 'row' },
          h(
            'button',
            {
              type: 'button',
              class: 'soft-button',
              onclick: () => {
                close();
                openTemplates(actions);
              },
            },
            svg(icons.plus),
            strings.menu.newGame,
          ),
        ),
      ];
    },
    'games-sheet',
  );
}

function openProjectTrash(actions: MenuActions): void {
  openTrashSheet({
    title: strings.trash.games,
    empty: strings.trash.noGames,
    testId: 'trash-sheet',
    load: async () =>
      (await actions.listTrash()).map((project) => ({
        name: project.name,
        deletedAt: project.deletedAt,
        expiresAt: project.expiresAt,
        restore: () => actions.restoreProject(project.id),
        removeForGood: () => actions.removeProject(project.id),
      })),
  });
}

/** How full the person's storage is; comes when the server has answered. */
function storageLine(actions: MenuActions): HTMLElement {
  const line = h('div', { class: 'menu-storage', hidden: true, 'data-testid': 'menu-storage' });
  actions.storage().then(
    (storage) => {
      if (storage === undefined) return;
      const { used, quota } = storage;
      line.replaceChildren(
        h('span', null, strings.menu.storage(used, quota)),
        h('meter', { min: 0, max: quota, high: quota * 0.9, value: used, 'aria-hidden': 'true' }),
        ...(used >= quota * 0.9 ? [h('span', { class: 'soft' }, strings.menu.storageNearlyFull)] : []),
      );
      line.hidden = false;
    },
    () => undefined,
  );
  return line;
}

function openTemplates(actions: MenuActions): void {
  openSheet(
    strings.menu.newHeading,
    (close) => {
      const list = h('ul', { class: 'cards' });
      void actions.listTemplates().then(
        (templates) => {
          list.replaceChildren(
            ...templates.map((template) =>
              h(
                'li',
                { class: 'card' },
                h(
                  'button',
                  {
                    type: 'button',
                    class: 'card-open',
                    'data-testid': `template-${template.name}`,
                    onclick: () => {
                      close();
                      actions.createProject(template);
                    },
                  },
                  h('strong', null, template.title),
                  h('span', { class: 'soft' }, template.description ?? ''),
                ),
              ),
            ),
          );
          list.querySelector('button')?.focus();
        },
        () => list.replaceChildren(h('li', { class: 'card-empty' }, mascot('oops'), h('p', null, strings.menu.noTemplates))),
      );
      return [h('p', { class: 'soft' }, strings.menu.newHint), list];
    },
    'templates-sheet',
  );
}
