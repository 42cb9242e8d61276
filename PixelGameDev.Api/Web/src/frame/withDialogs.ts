import { attempt } from './attempt';

type MenuDialogs = typeof import('./dialogs/menuDialogs');

/** Opens a dialog of the menu. They are loaded at their first use, so that the page stays small. */
export function withDialogs(open: (dialogs: MenuDialogs) => void | Promise<void>): void {
  void attempt(import('./dialogs/menuDialogs').then(open));
}

export function openKeysDialog(): void {
  withDialogs((dialogs) => dialogs.openKeysDialog());
}
