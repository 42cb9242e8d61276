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
    restored: 'Welcome back! What you typed without a connection is here again.',
    retryingNow: 'No connection right now. Your work is safe on this page and is saved again by itself.',
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
    deleteAsk: (name: string) => `Delete “${name}” and all of its files? This cannot be undone.`,
    deleteYes: 'Delete',
    deleteNo: 'Keep it',
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
    tooBig: (name: string) => `${name} is too big.`,
    useIt: 'Use it in your code:',
    copy: 'Copy',
    copied: 'Copied',
    picture: (width: number, height: number) => `${width} × ${height} pixels`,
    noPreview: 'This file cannot be shown here.',
    loading: 'Opening…',
  },

  editor: {
    label: (file: string) => `Code of ${file}`,
    errorMark: 'Error on this line',
    /** The editor's own words, by their English originals. */
    phrases: {
      'Find': 'Find', 'Replace': 'Replace with', 'next': 'Next', 'previous': 'Back', 'all': 'All', 'match case': 'Same capitals',
      'by word': 'Whole words', 'regexp': 'Pattern', 'replace': 'Replace', 'replace all': 'Replace all', 'close': 'Close',
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
    noFrameHint: 'Still nothing to see. Does your game call pygame.display.flip()?',
    lost: 'The connection was lost. Trying again…',
    clickToPlay: 'Click the game to use the keyboard',
    keyboardOn: 'Esc twice: leave the game',
    fullscreen: 'Full screen (F11)',
    mute: 'Sound off',
    unmute: 'Sound on',
    hud: 'Show numbers',
    again: 'Play again',
    showError: 'Show me where',
    pad: { up: 'Up', down: 'Down', left: 'Left', right: 'Right', space: 'Space', enter: 'Enter' },
  },

  hud: {
    fps: (fps: number) => `${fps} fps`,
    latency: (ms: number) => `${ms} ms`,
    fpsHint: 'Pictures shown in one second',
    latencyHint: 'Time from your key to the changed picture',
    bytes: (kilobytes: number) => `${kilobytes} kB/s`,
    bytesHint: 'Data received in one second',
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
  } as Readonly<Record<string, { title: string; text: string }>>,

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
      ['Ctrl + F', 'Find in your code'],
      ['Ctrl + /', 'Turn a line into a comment'],
      ['Ctrl + Z', 'Undo'],
      ['?', 'This list'],
    ] as readonly (readonly [string, string])[],
  },

  toast: { close: 'Close' },

  errors: {
    offline: 'The server cannot be reached right now.',
    run: 'Your game could not be started.',
    startTitle: 'Not started',
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

  /** Plain words for Python's errors; see console/explain.ts for which is taken when. */
  explain: {
    unknownName: (name: string) => ({
      title: `Python does not know “${name}”`,
      hint: 'Is it spelled the same everywhere? Capital letters count. Was it made before this line?',
    }),
    unknownNameHint: (name: string, near: string) => ({
      title: `Python does not know “${name}”`,
      hint: `Did you mean “${near}”?`,
    }),
    forgotImport: (name: string) => ({
      title: `Python does not know “${name}” yet`,
      hint: `Add “import ${name}” at the top of your file.`,
    }),
    beforeAssignment: (name: string) => ({
      title: `“${name}” has no value yet in this function`,
      hint: `To change a variable from outside, write “global ${name}” at the start of the function.`,
    }),
    missingColon: { title: 'A colon is missing', hint: 'Lines with if, for, while, def and class end with “:”.' },
    unclosed: (bracket: string) => ({ title: `A “${bracket}” was never closed`, hint: 'Every bracket needs its partner. Look here and a little further down.' }),
    unmatched: (bracket: string) => ({ title: `There is one “${bracket}” too many`, hint: 'Every bracket needs its partner. Count them on this line and the line above.' }),
    unclosedText: { title: 'A text was never closed', hint: 'A text starts and ends with the same quote mark: "hello".' },
    assignInCondition: { title: 'One = sign stores, two compare', hint: 'To compare two things write ==, as in “if score == 10:”.' },
    syntax: { title: 'Python cannot read this line', hint: 'Look for a missing bracket, quote mark or colon here or just above.' },
    needsIndent: { title: 'This line must be moved to the right', hint: 'Lines that belong to an if, for, while, def or class start with four spaces.' },
    unexpectedIndent: { title: 'This line is too far to the right', hint: 'Lines of the same block start at the same place.' },
    indentMismatch: { title: 'This line starts at an odd place', hint: 'Move it so that it lines up with the other lines of its block.' },
    tabs: { title: 'Tabs and spaces are mixed', hint: 'Use four spaces everywhere.' },
    textPlusNumber: { title: 'A text and a number cannot be added', hint: 'Turn the number into a text first: str(score).' },
    wrongArguments: (name: string) => ({ title: `“${name}” was called with the wrong number of values`, hint: 'Compare the brackets here with the brackets after def.' }),
    notCallable: (kind: string) => ({ title: `${kind} cannot be called like a function`, hint: 'Is there a pair of round brackets too many, or a variable with the name of a function?' }),
    noneUsed: { title: 'There is nothing here (None)', hint: 'A function without “return” gives None. Did you want its result?' },
    type: { title: 'These two kinds of things do not fit together', hint: 'Look at what each part of this line is: a number, a text, a list?' },
    noAttribute: (owner: string, name: string) => ({
      title: `${owner} has no “${name}”`,
      hint: 'Is it spelled right? Capital letters count.',
    }),
    noneAttribute: (name: string) => ({
      title: `There is nothing (None) that could have “${name}”`,
      hint: 'The variable before the dot was never filled, or a function gave nothing back.',
    }),
    zeroDivision: { title: 'Nothing can be divided by zero', hint: 'Check the number behind / or % before you divide.' },
    index: { title: 'The list is shorter than that', hint: 'A list with 3 things has the places 0, 1 and 2.' },
    key: (key: string) => ({ title: `There is no ${key} in this dictionary`, hint: 'Check the spelling, or ask first: if key in dictionary.' }),
    value: { title: 'That value does not work here', hint: 'For example int("abc"): “abc” is not a number.' },
    noModule: (name: string) => ({ title: `There is no module called “${name}”`, hint: 'You can use pygame, numpy, everything that comes with Python, and your own .py files.' }),
    importName: { title: 'That name is not in there', hint: 'Check the spelling behind import.' },
    noFile: (name: string) => ({ title: `There is no file called “${name}”`, hint: 'Is it in the list of files, with exactly this name? Drag it onto the page to add it.' }),
    noFileAnonymous: { title: 'A file is missing', hint: 'Is it in the list of files, with exactly this name? Drag it onto the page to add it.' },
    recursion: { title: 'A function calls itself again and again', hint: 'It needs an if that stops it.' },
    memory: { title: 'There is no memory left', hint: 'Does a list grow all the time? Is a picture very large?' },
    notInitialised: { title: 'pygame is not started yet', hint: 'Call pygame.init() near the top of your file.' },
    noVideo: { title: 'There is no window yet', hint: 'Call pygame.display.set_mode((640, 480)) before you draw.' },
    colour: { title: 'That is not a colour', hint: 'A colour is three numbers from 0 to 255, as in (255, 200, 0), or a name such as "red".' },
    pygame: { title: 'pygame could not do that', hint: 'Its own words are below.' },
    assertion: { title: 'A check in your code said no', hint: 'The condition behind assert was not true.' },
    eof: { title: 'The question got no answer', hint: 'input() waited for a line, but none came.' },
    other: (type: string) => ({ title: `Python stopped here: ${type}`, hint: 'Its own words are below.' }),
    kinds: {
      int: 'a number', float: 'a number', str: 'a text', list: 'a list', tuple: 'a tuple', dict: 'a dictionary',
      bool: 'True or False', NoneType: 'nothing (None)', function: 'a function', module: 'a module',
    } as Readonly<Record<string, string>>,
  },
} as const;
