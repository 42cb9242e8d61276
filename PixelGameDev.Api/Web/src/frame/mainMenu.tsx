import type { JSX } from 'preact';
import { api } from '../api/api';
import type { ProjectSummary, Template } from '../api/types';
import { chooseLanguage, language, strings } from '../language';
import { formatSize } from '../language/format';
import { type Language, languages } from '../language/languages';
import { attempt } from './attempt';
import type { AccountActions } from './dialogs/accountDialog';
import { useLoaded } from './dialogs/loaded';
import { Menu, MenuChoice, MenuItem } from './menu';
import { hasGallery, person, signUpMode } from './person';
import { openProjectTrash, type ProjectTrashActions } from './projectTrash';
import { setTheme, type Theme, theme } from './theme';
import { openKeysDialog, withDialogs } from './withDialogs';

/** Actions of the menu that its page provides. */
export interface MainMenuActions extends AccountActions, ProjectTrashActions {
  signOut(): Promise<void>;
  /** Returns the id of the visible game. */
  currentProject(): string | undefined;
  /** Shows the earlier states of the visible game. */
  openHistory(): void;
  /** Shows the recordings of the visible game. */
  openRecordings(): void;
  /** Shows the links of the visible game. */
  openShare(): void;
  openProject(id: string): void;
  createProject(template: Template): void;
  deleteProject(project: ProjectSummary): Promise<void>;
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
              onClick={thenClose(() => withDialogs((dialogs) => dialogs.openTemplatesDialog(actions.createProject)))}
            />
            {hasGallery.value && (
              <MenuItem
                icon="eye"
                label={strings.menu.gallery}
                testId="menu-gallery"
                onClick={thenClose(() => void attempt(actions.openPage('/gallery')))}
              />
            )}
            <MenuItem icon="share" label={strings.menu.share} testId="menu-share" onClick={thenClose(actions.openShare)} />
            <MenuItem icon="restart" label={strings.menu.history} testId="menu-history" onClick={thenClose(actions.openHistory)} />
            <MenuItem icon="record" label={strings.menu.recordings} testId="menu-recordings" onClick={thenClose(actions.openRecordings)} />
            <MenuItem icon="unbin" label={strings.trash.entry} testId="menu-trash" onClick={thenClose(() => openProjectTrash(actions))} />
            <AccountItems actions={actions} thenClose={thenClose} />
            <MenuItem icon="keyboard" label={strings.menu.keys} testId="menu-keys" onClick={thenClose(openKeysDialog)} />
            <MenuItem
              icon="view"
              label={strings.view.title}
              testId="menu-view"
              onClick={thenClose(() => withDialogs((dialogs) => dialogs.openViewDialog()))}
            />
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
  withDialogs(({ openGamesDialog, openTemplatesDialog }) =>
    openGamesDialog({ ...actions, newGame: () => openTemplatesDialog(actions.createProject) }),
  );
}

interface AccountItemsProps {
  actions: MainMenuActions;
  thenClose(action: () => void): () => void;
}

function AccountItems({ actions, thenClose }: AccountItemsProps): JSX.Element {
  const words = strings.account;
  const settings = (
    <MenuItem
      icon="person"
      label={words.settings}
      testId="menu-account"
      onClick={thenClose(() => void attempt(actions.openPage('/account')))}
    />
  );
  if (person.value?.guest === false) {
    return (
      <>
        {settings}
        {person.value.role !== 'creator' && (
          <MenuItem
            icon="shield"
            label={words.admin}
            testId="menu-admin"
            onClick={thenClose(() => void attempt(actions.openPage('/admin')))}
          />
        )}
        <MenuItem
          icon="person"
          label={words.signOut(person.value.name)}
          testId="menu-sign-out"
          onClick={thenClose(() => void attempt(actions.signOut()))}
        />
      </>
    );
  }
  return (
    <>
      {signUpMode.value === 'open' && (
        <MenuItem
          icon="person"
          label={words.signUp.entry}
          testId="menu-sign-up"
          onClick={thenClose(() => withDialogs((dialogs) => dialogs.openAccountDialog('signUp', actions)))}
        />
      )}
      <MenuItem
        icon="person"
        label={words.signIn.entry}
        testId="menu-sign-in"
        onClick={thenClose(() => withDialogs((dialogs) => dialogs.openAccountDialog('signIn', actions)))}
      />
      {settings}
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
      <span>{strings.menu.storage(formatSize(used), formatSize(quota))}</span>
      <meter min={0} max={quota} high={quota * 0.9} value={used} aria-hidden="true" />
      {used >= quota * 0.9 && <span class="soft">{used > quota ? strings.menu.storageOver : strings.menu.storageNearlyFull}</span>}
    </div>
  );
}
