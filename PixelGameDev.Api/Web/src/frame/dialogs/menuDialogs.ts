export { openAccountDialog } from './accountDialog';
export { openGamesDialog } from './gamesDialog';
export { openKeysDialog } from './keysDialog';
export { openTemplatesDialog } from './templatesDialog';
export { openTrashDialog } from './trashDialog';
export { openViewDialog } from './viewDialog';
