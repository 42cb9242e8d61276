import { explainWords } from './console/explainWords';

/** Bytes as megabytes; never rounded down to nothing. */
function megabytes(bytes: number): string {
  const millions = bytes / 1_000_000;
  return millions >= 10 || millions === 0 ? String(Math.round(millions)) : String(Math.max(0.1, Math.round(millions * 10) / 10));
}

/** Every word the page says. Short, second person, no jargon. */
export const strings = {
  title: 'PixelGameDev',
  tagline: 'Write a game. Press Run. Play it.',

  topBar: {
    projectName: 'Name of your game',
    run: 'Run',
    runHint: 'Run your game (Ctrl+Enter)',
    restart: 'Restart',
    restartHint: 'Save and start again (Ctrl+Enter)',
    stop: 'Stop',
    stopHint: 'Stop the game (Ctrl+.)',
    menu: 'Menu',
    home: 'PixelGameDev',
  },

  saved: {
    saved: 'Saved',
    saving: 'Saving…',
    retrying: 'Saving again…',
    refused: 'Not saved',
    already: 'Already saved. Every key you press is kept.',
    restored: 'Welcome back! What you typed last time is here again.',
    conflict: (path: string) => `${path} was also changed in another window. Which one do you want to keep?`,
    mine: 'In this window',
    theirs: 'In the other window',
    noLines: (line: number) => `Nothing here (at line ${line}).`,
    moreLines: (count: number) => (count === 1 ? 'and 1 more line' : `and ${count} more lines`),
    keepMine: 'Keep mine',
    takeTheirs: 'Take the other one',
    tookTheirs: 'Here is the other one.',
    keptMine: 'Kept yours.',
    goneElsewhere: (path: string) => `${path} was deleted or renamed in another window.`,
    keptHere: 'Not all of your text could be saved. It is kept in this browser and is here again when you open that game.',
    refusedKept: (reason: string) => `${reason} What you typed is kept in this browser.`,
    gameGone: 'This game was deleted in another window. What you typed is kept in this browser.',
    bringGameBack: 'Bring it back',
    retryingNow: 'No connection right now. Your work is safe on this page and is saved again by itself.',
    retryingLater: (reason: string) => `${reason} Your work is safe on this page and is saved again by itself.`,
  },

  drafts: {
    gone: (path: string) => `You typed this in ${path} before, and it was not saved. ${path} is not in your game any more.`,
    older: (path: string) => `You also typed this in ${path}, in another window, and it was not saved.`,
    keep: (name: string) => `Keep it as ${name}`,
    drop: 'I do not need it',
    noRoom: 'This browser has no room to keep a copy of your text. Leave this page open until it says “Saved”.',
  },

  menu: {
    games: 'My games',
    newGame: 'New game',
    theme: 'Colours',
    themeAuto: 'Like my device',
    themeLight: 'Paper',
    themeDark: 'Night',
    keys: 'Keys',
    deleteGame: (name: string) => `Delete “${name}”`,
    close: 'Close',
    open: 'open now',
    newHeading: 'Start a new game',
    newHint: 'Pick something to start from. You can change everything.',
    noTemplates: 'No starting games could be loaded.',
    starter: 'Starter game',
    starterHint: 'A small game that plays at once.',
    lastChange: (when: string) => `changed ${when}`,
    deleteAsk: (name: string) => `Delete “${name}” and all of its files? You can bring it back for 30 days.`,
    deleted: (name: string) => `${name} is deleted.`,
    storage: (used: number, quota: number) => `Your games take ${megabytes(used)} of ${megabytes(quota)} MB`,
    storageNearlyFull: 'Nearly full. Delete what you do not need.',
    deleteYes: 'Delete',
    deleteNo: 'Keep it',
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
      hint: 'The games you made here come along.',
      submit: 'Sign in',
      other: 'I need an account',
    },
    signOut: (name: string) => `Sign out ${name}`,
    name: 'Name',
    password: 'Password (8 characters or more)',
    kept: (name: string) => `Hello ${name}! Your games are yours to keep.`,
  },

  files: {
    heading: 'Files',
    list: 'Files of your game',
    add: 'New file',
    upload: 'Add pictures or sounds',
    uploadShort: 'Add picture or sound',
    rename: (name: string) => `Rename ${name}`,
    remove: (name: string) => `Delete ${name}`,
    more: (name: string) => `More for ${name}`,
    newName: 'Name of the new file',
    renameTo: 'New name',
    newNamePlaceholder: 'enemy.py',
    removed: (name: string) => `${name} is deleted.`,
    undo: 'Undo',
    exists: (name: string) => `There is already a file called ${name}.`,
    keepEntry: (name: string) => `Your game starts with ${name}, so it stays.`,
    start: 'Your game starts here',
    drop: 'Drop it! Pictures, sounds and .py files go into your game.',
    uploaded: (count: number, first: string) => (count === 1 ? `${first} is in your game.` : `${count} files are in your game.`),
    uploading: (name: string) => `Adding ${name}…`,
    uploadedOver: (name: string) => `${name} is in your game now, in place of the old one.`,
    tooBig: (name: string) => `${name} is too big. A file can have 5 MB.`,
    unreadable: (name: string) => `${name} could not be read. Is it a folder?`,
    changedElsewhere: (name: string) => `${name} was changed in another window just now. You see the newest one here. Try again.`,
    goneElsewhere: (name: string) => `${name} was deleted or renamed in another window.`,
    existing: {
      title: 'There is one already',
      ask: (name: string) => `Your game already has a file called ${name}. What do you want to do?`,
      replace: 'Replace it',
      both: (name: string) => `Keep both: add it as ${name}`,
      cancel: 'Do not add it',
      forAll: (count: number) => (count === 1 ? 'Do the same with 1 more file' : `Do the same with ${count} more files`),
    },
    useIt: 'Use it in your code:',
    copy: 'Copy',
    copied: 'Copied',
    picture: (width: number, height: number) => `${width} × ${height} pixels`,
    noPreview: 'This file cannot be shown here.',
    loading: 'Opening…',
  },

  editor: {
    label: (file: string) => `Code of ${file}`,
    keys: 'Tab moves the line to the right while you write. To leave the code, press Escape and then Tab.',
    errorMark: 'Error on this line',
    /** The editor's own words, by their English originals. */
    phrases: {
      Find: 'Find',
      Replace: 'Replace with',
      next: 'Next',
      previous: 'Back',
      all: 'All',
      'match case': 'Same capitals',
      'by word': 'Whole words',
      regexp: 'Pattern',
      replace: 'Replace',
      'replace all': 'Replace all',
      close: 'Close',
    } as Readonly<Record<string, string>>,
  },

  stage: {
    heading: 'Play',
    canvas: 'Your game. Click it to play with the keyboard. Press Escape twice to leave.',
    idleTitle: 'Ready to play?',
    idleText: 'Press Run and your game starts here.',
    starting: 'Starting…',
    waitingFor: {
      save: 'Saving your code…',
      session: 'Getting a safe box for your game…',
      stream: 'Opening the picture…',
      frame: 'Waiting for your game to draw…',
    },
    waitingTurn: (before: number) =>
      before === 0
        ? 'Many games start right now. Yours is next…'
        : `Many games start right now. ${before === 1 ? 'One starts' : `${before} start`} before yours…`,
    noFrameHint: 'Still nothing to see. Does your game call pygame.display.flip()?',
    lost: 'The connection was lost. Trying again…',
    refused: {
      too_many_viewers: 'This game is already open in four windows. Close one of them, and it goes on here by itself.',
      too_many_streams: 'You have very many games open. Close some of the windows, and it goes on here by itself.',
    },
    clickToPlay: 'Click the game to use the keyboard',
    keyboardOn: 'Esc twice: leave the game',
    fullscreen: 'Full screen (F11)',
    mute: 'Sound off',
    unmute: 'Sound on',
    hud: 'How well does it run?',
    again: 'Play again',
    stopOthers: 'Stop my other games',
    stoppingOthers: 'Stopping your other games…',
    showError: 'Show me where',
    pad: { up: 'Up', down: 'Down', left: 'Left', right: 'Right', space: 'Space', enter: 'Enter' },
  },

  hud: {
    fps: (fps: number) => `${fps} fps`,
    fpsOf: (fps: number, game: number) => `${fps} of ${game}`,
    still: 'still',
    stillOf: (game: number) => `still (${game} drawn)`,
    stillHint: 'The picture does not change at the moment',
    latency: (ms: number) => `${ms} ms`,
    millis: (ms: number) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`,
    fpsHint: 'Pictures shown in one second',
    latencyHint: 'Time from your key to the changed picture',
    bytes: (kilobytes: number) => `${kilobytes} kB/s`,
    bytesHint: 'Data received in one second',
    title: 'How well your game runs',
    smooth: 'The last 10 seconds',
    keyFrames: 'how many',
    keyAge: 'how old: low is quick',
    way: 'One picture on its way',
    rows: {
      fps: ['Pictures shown', 'Pictures you saw in the last second, of those your game drew. 60 is as smooth as a screen gets.'],
      age: ['Age when you see it', 'Time from flip() in your game to the picture on your screen. 1000 ms are one second.'],
      left: [
        'Left out',
        'Pictures of the last second that nobody could see: your game drew faster than a screen can show, or the line was slow.',
      ],
      game: ['Your code draws', 'Time your code takes for one picture. Above 16 ms the game can no longer reach 60 pictures a second.'],
      encode: ['Packing', 'Time to find what changed in the picture and make it small.'],
      travel: ['Travelling', 'Time on the way from the server to you.'],
      decode: ['Unpacking', 'Time this page takes to put the picture on your screen.'],
      data: ['Data', 'What came through the line in the last second.'],
    } as const satisfies Record<string, readonly [label: string, hint: string]>,
    start: (total: number, parts: string) => `Start: ${total} ms${parts === '' ? '' : ` (${parts})`}`,
    startHint: 'How long it took from Run to the first picture, and where the time went.',
    startParts: {
      asked: (ms: number) => `getting a box ${ms}`,
      shown: (ms: number) => `getting the picture ${ms}`,
      game: (ms: number) => `your code until flip() ${ms}`,
    },
  },

  sandbox: {
    docker: 'Safe box: Docker',
    bubblewrap: 'Safe box: Bubblewrap',
    subprocess: 'No safe box',
    dockerHint: 'Your game runs in a locked box of its own on the server.',
    bubblewrapHint: 'Your game runs in a small locked box on this computer. For development.',
    subprocessHint: 'Your game runs without a locked box on this computer. Only for development: do not run code you do not trust.',
  },

  console: {
    heading: 'Console',
    empty: 'What your game prints shows up here.',
    clear: 'Clear',
    answer: 'Answer',
    send: 'Send',
    asks: 'Your game asks:',
    details: "Python's own words",
    line: (file: string, line: number) => `${file}, line ${line}`,
    jump: (file: string, line: number) => `Go to ${file}, line ${line}`,
  },

  /** Named ends of a session; the server's own sentence wins where it sends one. */
  ends: {
    finished: { title: 'The end!', text: 'Your game finished.' },
    stopped: { title: 'Stopped', text: 'You stopped the game.' },
    crashed: { title: 'Oops, a bug!', text: 'Your game stopped because of an error.' },
    time_limit: { title: 'Time is up', text: 'Your game ran for a long time and was stopped. Press Run to go on.' },
    memory_limit: { title: 'Too much memory', text: 'Your game used more memory than it may. Does a list grow all the time?' },
    process_limit: { title: 'Too many programs', text: 'Your game started too many programs at once.' },
    disk_limit: { title: 'Files too big', text: 'Your game wrote more into files than fits.' },
    output_limit: { title: 'Too much printing', text: 'Your game printed too much. Is there a print() in a fast loop?' },
    stream_limit: { title: 'Too much picture', text: 'Your game sent more picture and sound than fits through the line.' },
    idle: { title: 'Sleeping', text: 'Nobody was watching, so the game was stopped.' },
    protocol_error: { title: 'Something broke', text: 'Something broke on our side while your game ran. Press Run to try again.' },
    sandbox_lost: { title: 'Box lost', text: 'The box your game ran in is gone. Press Run to try again.' },
    shutting_down: { title: 'Short break', text: 'The server is taking a short break. Try again in a moment.' },
    /** Any reason that this page does not know. */
    unknown: { title: 'The game has ended', text: 'Press Run to play again.' },
    not_started: { title: 'Not started', text: 'Your game could not be started. Try again in a moment.' },
    too_many_games: {
      title: 'You are playing elsewhere',
      text: 'Games of yours run in other windows or on another computer. Stop them to play here.',
    },
    signed_out: { title: 'Signed out', text: 'You signed out in another window. Load this page again to go on.' },
  } as Readonly<Record<string, { title: string; text: string }>>,

  /** Games of yours that run elsewhere. */
  runningElsewhere: (names: readonly string[]) =>
    names.length === 1
      ? `“${names[0]}” runs in another window or on another computer. Stop it to play here.`
      : `${names
          .slice(0, -1)
          .map((name) => `“${name}”`)
          .join(', ')} and “${names.at(-1)}” run in other windows or on another computer. Stop them to play here.`,

  tabs: { label: 'Parts of the page', code: 'Code', play: 'Play', console: 'Console' },

  splitters: { columns: 'Width of code and game', rows: 'Height of game and console' },

  keys: {
    title: 'Keys',
    list: [
      ['Ctrl + Enter', 'Run your game'],
      ['Ctrl + .', 'Stop it'],
      ['Ctrl + S', 'Already saved, always'],
      ['F11', 'Game in full screen'],
      ['Esc, Esc', 'Leave the game, back to your code'],
      ['Tab', 'While you write: move the line to the right'],
      ['Esc, then Tab', 'Leave your code without the mouse'],
      ['Ctrl + F', 'Find in your code'],
      ['Ctrl + /', 'Turn a line into a comment'],
      ['Ctrl + Z', 'Undo'],
      ['?', 'This list'],
    ] as readonly (readonly [string, string])[],
  },

  notFound: {
    game: { title: 'This is not one of your games', text: 'It belongs to somebody else, or it does not exist any more.' },
    page: { title: 'There is nothing here', text: 'Is the address written correctly?' },
    home: 'To my games',
    signIn: 'Sign in',
  },

  toast: { close: 'Close' },

  errors: {
    offline: 'The server cannot be reached right now.',
    run: 'Your game could not be started.',
    stop: 'The server could not be told to stop your game. It ends by itself soon.',
    signedOut: 'You signed out in another window, or somebody else signed in. What you type here can no longer be saved.',
    loadAgain: 'Load the page again',
    loading: 'The page could not be loaded.',
    tryAgain: 'Try again',
    byStatus: (status: number): string => {
      if (status === 404) return 'That is not there any more.';
      if (status === 413) return 'That is too big.';
      if (status === 429) return 'That was a bit too fast. Wait a moment and try again.';
      if (status === 503) return 'All boxes are busy or taking a break. Try again in a moment.';
      if (status >= 500) return 'Something broke on our side. Try again in a moment.';
      return 'That did not work.';
    },
  },

  explain: explainWords,
} as const;
