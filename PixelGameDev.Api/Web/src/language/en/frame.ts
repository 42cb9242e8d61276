/** Words of every page: its menu, its dialogs, its messages. */
export const frame = {
  title: 'PixelGameDev',

  menu: {
    label: 'Menu',
    games: 'My games',
    newGame: 'New game',
    history: 'Earlier versions',
    theme: 'Colours',
    themeAuto: 'Like my device',
    themeLight: 'Paper',
    themeDark: 'Night',
    language: 'Language',
    keys: 'Keys',
    storage: (used: string, quota: string) => `Your games take ${used} of ${quota} MB`,
    storageNearlyFull: 'Nearly full. Delete what you do not need.',
    storageOver: 'More than fits. Nothing is lost, but delete something before you save more.',
  },

  dialog: { close: 'Close' },
  toast: { close: 'Close' },

  games: {
    all: 'All my games',
    open: 'open now',
    lastChange: (when: string) => `changed ${when}`,
    remove: (name: string) => `Delete “${name}”`,
    removeAsk: (name: string) => `Delete “${name}” and all of its files? You can bring it back for 30 days.`,
    removeYes: 'Delete',
    removeNo: 'Keep it',
    removed: (name: string) => `${name} is deleted.`,
  },

  templates: {
    title: 'Start a new game',
    hint: 'Pick something to start from. You can change everything.',
    none: 'No starting games could be loaded.',
  },

  trash: {
    entry: 'Recently deleted',
    games: 'Deleted games',
    files: 'Deleted files',
    hint: 'You can bring things back for 30 days.',
    noGames: 'You have not deleted a game in the last 30 days.',
    noFiles: 'You have not deleted a file of this game in the last 30 days.',
    deleted: (when: string) => `deleted ${when}`,
    replaced: (when: string) => `replaced ${when}`,
    expires: (days: number) => (days === 1 ? '1 day left' : `${days} days left`),
    restore: 'Bring back',
    restoreNamed: (name: string) => `Bring ${name} back`,
    restored: (name: string) => `${name} is back.`,
    remove: 'Delete for good',
    removeNamed: (name: string) => `Delete ${name} for good`,
    removeAsk: (name: string) => `Delete “${name}” for good? Nobody can bring it back then.`,
    keep: 'Keep it',
  },

  account: {
    signUp: {
      entry: 'Keep my games: make an account',
      title: 'Keep my games',
      hint: 'With a name and a password you find your games again on every computer. Take a name that does not tell who you are.',
      submit: 'Make my account',
      other: 'I have an account',
    },
    signIn: {
      entry: 'Sign in',
      title: 'Sign in',
      hint: 'With the name and the password of your account.',
      submit: 'Sign in',
      other: 'I need an account',
    },
    signOut: (name: string) => `Sign out ${name}`,
    settings: 'My account',
    admin: 'Administration',
    name: 'Name',
    password: 'Password (8 characters or more)',
    kept: (name: string) => `Hello ${name}! Your games are yours to keep.`,
    changedElsewhere: 'You signed out in another window, or somebody else signed in. What you type here can no longer be saved.',
    loadAgain: 'Load the page again',
  },

  keys: {
    title: 'Keys',
    list: [
      ['Ctrl + Enter', 'Run your game'],
      ['Ctrl + .', 'Stop it'],
      ['Ctrl + S', 'Already saved, always'],
      ['Alt + W', 'Close the open file. It stays in your game.'],
      ['F11', 'Game in full screen'],
      ['Esc, Esc', 'Leave the game, back to your code'],
      ['Esc', 'Get your mouse back from a game that looks around with it'],
      ['Tab', 'While you write: move the line to the right'],
      ['Esc, then Tab', 'Leave your code without the mouse'],
      ['Ctrl + F', 'Find in your code'],
      ['Ctrl + H', 'Find and replace'],
      ['F3', 'Find the next one'],
      ['Ctrl + G', 'Go to a line'],
      ['Ctrl + Space', 'Show what can stand here'],
      ['Ctrl + I', 'Explain the word at the cursor'],
      ['F8', 'Go to the next mark'],
      ['Ctrl + /', 'Turn a line into a comment'],
      ['Ctrl + Z', 'Undo'],
      ['?', 'This list'],
    ] as [string, string][],
  },

  view: {
    title: 'Size of the code',
    size: 'Letters of the code',
    smaller: 'Smaller letters',
    larger: 'Larger letters',
    usual: 'As usual',
    wrap: 'Wrap long lines, so that nothing is cut off',
    files: 'Files as a row above the code',
    projector: 'Projector: everything large, strong colours',
    hint: 'This browser remembers it. Ctrl and + makes the whole page larger.',
  },

  notFound: {
    game: { title: 'This is not one of your games', text: 'It belongs to somebody else, or it does not exist any more.' },
    page: { title: 'There is nothing here', text: 'Is the address written correctly?' },
    home: 'To my games',
    signIn: 'Sign in',
  },

  errors: {
    offline: 'The server cannot be reached right now.',
    loading: 'The page could not be loaded.',
    tryAgain: 'Try again',
  },

  /** Words for an answer without words, by its status. */
  statuses: {
    notFound: 'That is not there any more.',
    tooLarge: 'That is too big.',
    tooFast: 'That was a bit too fast. Wait a moment and try again.',
    busy: 'All boxes are busy or taking a break. Try again in a moment.',
    broken: 'Something broke on our side. Try again in a moment.',
    other: 'That did not work.',
  },
};
