import type { JSX } from 'preact';
import { api } from '../api/api';
import type { ProjectSummary, Template } from '../api/types';
import { chooseLanguage, language, strings } from '../language';
import { formatMegabytes } from '../language/format';
import { type Language, languages } from '../language/languages';
import { attempt } from './attempt';
import { type AccountActions, openAccountDialog } from './dialogs/accountDialog';
import { openGamesDialog } from './dialogs/gamesDialog';
import { openKeysDialog } from './dialogs/keysDialog';
import { useLoaded } from './dialogs/loaded';
import { openTemplatesDialog } from './dialogs/templatesDialog';
import { openTrashDialog } from './dialogs/trashDialog';
import { Menu, MenuChoice, MenuItem } from './menu';
import { person } from './person';
import { setTheme, type Theme, theme } from './theme';

/** Actions of the menu that its page provides. */
export interface MainMenuActions extends AccountActions {
  signOut(): Promise<void>;
  /** Returns the id of the visible game. */
  currentProject(): string | undefined;
  openProject(id: string): void;
  createProject(template: Template): void;
  deleteProject(project: ProjectSummary): Promise<void>;
  restoreProject(id: string): Promise<void>;
  removeProject(id: string): Promise<void>;
}

/** Draws the menu of the page: games, account, colours, language, keys. */
export function MainMenu(actions: MainMenuActions): JSX.Element {
  return (
    <Menu icon="menu" label={strings.menu.label} testId="menu">
      {(close) => {
        const thenClose = (action: () => void) => () => {
          close();
          action();
        };
        return (
          <>
            <MenuItem icon="games" label={strings.menu.games} testId="menu-games" onClick={thenClose(() => openGames(actions))} />
            <MenuItem
              icon="plus"
              label={strings.menu.newGame}
              testId="menu-new"
              onClick={thenClose(() => openTemplatesDialog(actions.createProject))}
            />
            <MenuItem icon="unbin" label={strings.trash.entry} testId="menu-trash" onClick={thenClose(() => openProjectTrash(actions))} />
            <AccountItems actions={actions} thenClose={thenClose} />
            <MenuItem icon="keyboard" label={strings.menu.keys} testId="menu-keys" onClick={thenClose(openKeysDialog)} />
            <ThemeChoice />
            <LanguageChoice />
            <StorageLine />
          </>
        );
      }}
    </Menu>
  );
}

function openGames(actions: MainMenuActions): void {
  openGamesDialog({ ...actions, newGame: () => openTemplatesDialog(actions.createProject) });
}

function openProjectTrash({ restoreProject, removeProject }: MainMenuActions): void {
  openTrashDialog({
    title: () => strings.trash.games,
    empty: () => strings.trash.noGames,
    testId: 'trash-dialog',
    load: async () =>
      (await api.trash()).map(({ id, name, deletedAt, expiresAt }) => ({
        id,
        name,
        deletedAt,
        expiresAt,
        restore: () => restoreProject(id),
        removeForGood: () => removeProject(id),
      })),
  });
}

interface AccountItemsProps {
  actions: MainMenuActions;
  thenClose(action: () => void): () => void;
}

function AccountItems({ actions, thenClose }: AccountItemsProps): JSX.Element {
  const words = strings.account;
  if (person.value?.guest === false) {
    return (
      <MenuItem
        icon="person"
        label={words.signOut(person.value.name)}
        testId="menu-sign-out"
        onClick={thenClose(() => void attempt(actions.signOut()))}
      />
    );
  }
  return (
    <>
      <MenuItem
        icon="person"
        label={words.signUp.entry}
        testId="menu-sign-up"
        onClick={thenClose(() => openAccountDialog('signUp', actions))}
      />
      <MenuItem
        icon="person"
        label={words.signIn.entry}
        testId="menu-sign-in"
        onClick={thenClose(() => openAccountDialog('signIn', actions))}
      />
    </>
  );
}

function ThemeChoice(): JSX.Element {
  const words = strings.menu;
  const choices: readonly (readonly [Theme, string])[] = [
    ['auto', words.themeAuto],
    ['light', words.themeLight],
    ['dark', words.themeDark],
  ];
  return <MenuChoice icon="theme" label={words.theme} testId="theme" choices={choices} chosen={theme.value} onChoose={setTheme} />;
}

function LanguageChoice(): JSX.Element {
  return (
    <MenuChoice
      icon="language"
      label={strings.menu.language}
      testId="language"
      choices={Object.entries(languages) as [Language, string][]}
      chosen={language()}
      onChoose={(wanted) => void attempt(chooseLanguage(wanted))}
    />
  );
}

/** Shows how full the person's storage is, as soon as the server has answered. */
function StorageLine(): JSX.Element {
  const [me] = useLoaded(api.me);
  const storage = me.value.state === 'there' ? me.value.value.storage : undefined;
  if (storage === undefined) return <div class="menu-storage" hidden data-testid="menu-storage" />;
  const { used, quota } = storage;
  return (
    <div class="menu-storage" data-testid="menu-storage">
      <span>{strings.menu.storage(formatMegabytes(used), formatMegabytes(quota))}</span>
      <meter min={0} max={quota} high={quota * 0.9} value={used} aria-hidden="true" />
      {used >= quota * 0.9 && <span class="soft">{strings.menu.storageNearlyFull}</span>}
    </div>
  );
}
