/** Words of the page behind a link. */
export const englishShared = {
  sharedGame: {
    by: (maker: string) => `by ${maker}`,
    howToPlay: 'How to play',
    play: 'Play',
    stop: 'Stop',
    code: 'See the code',
    codeOf: (title: string) => `The code of ${title}`,
    codeHint: 'You can read it here. To change it, make your own copy.',
    noText: 'This file is a picture, a sound or other data.',
    copy: 'Make my own copy',
    own: 'Make your own games',
    openPage: 'Open the page of this game',
    signIn: 'Sign in',
    asks: 'The game asks:',
    ends: {
      finished: { title: 'The end!', text: 'The game is over.' },
      stopped: { title: 'Stopped', text: 'You stopped the game.' },
      crashed: { title: 'Oops, a bug!', text: 'The game stopped because of an error in its code. Tell the person who made it.' },
      time_limit: { title: 'Time is up', text: 'The game ran for a long time and was stopped.' },
      idle: { title: 'Sleeping', text: 'Nobody was watching, so the game was stopped.' },
      other: { title: 'The game has ended', text: 'You can play it again.' },
    },
    ended: {
      title: 'This link has ended',
      text: 'It worked until a certain day, and that day is over. Ask the person who sent it for a new one.',
    },
    gone: {
      title: 'There is no game here',
      text: 'The link was taken back, or there never was one. Is it written correctly?',
    },
    failed: 'The game could not be loaded',
  },
  watch: {
    plays: (player: string) => `${player} is playing, and you are watching`,
    live: 'Live',
    sound: 'Turn on the sound',
    waiting: 'The picture is on its way',
    ended: { title: 'The game is over', text: 'Ask the person who played it for a new invitation.' },
    gone: {
      title: 'There is nothing to watch here',
      text: 'The invitation was taken back, or there never was one. Is it written correctly?',
    },
    failed: 'The game could not be loaded',
  },
};
