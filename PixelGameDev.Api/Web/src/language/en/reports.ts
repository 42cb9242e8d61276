/** Words about reports of shared games, and about games that staff have taken down. */
export const englishReports = {
  reasons: {
    unkind: 'It is unkind to somebody',
    scary: 'It is scary or violent',
    adult: 'It is not for children',
    private: 'It shows a name, a photo or an address',
    copied: 'It is copied without saying from whom',
    other: 'Something else',
  },

  report: {
    title: (game: string) => `Report “${game}”`,
    hint: 'The people who look after this server see your report. Nobody learns that it is yours, not even the person who made the game.',
    reason: 'What is wrong with this game?',
    details: 'What else should they know?',
    send: 'Send the report',
    sent: 'Thank you. Somebody will look at this game.',
  },

  takenDown: {
    title: 'This game was taken down',
    text: 'The people who look after this server have taken it out of the gallery. Its links do not work, and you cannot make new ones. Only you still see it.',
    reason: (reason: string) => `The reason: ${reason}.`,
    note: 'They say:',
    next: 'You can still play and change it. If something is wrong, change it, then ask them to give the game back.',
  },

  queue: {
    title: 'Reports',
    open: 'Open',
    settled: 'Decided',
    noneOpen: 'No game waits for a decision.',
    noneSettled: 'Nothing has been decided yet.',
    reports: (count: number) => (count === 1 ? '1 report' : `${count} reports`),
    others: (count: number) => `and ${count} more`,
    by: (maker: string) => `by ${maker}`,
    picture: (title: string) => `Picture of ${title}`,
    look: 'Open the game',
    remixes: (count: number) =>
      count === 1 ? 'The gallery has 1 remix of it. Look at it, too:' : `The gallery has ${count} remixes of it. Look at them, too:`,
    noLink: 'Its owner has taken the link back.',
    decide: (title: string) => `Decide about ${title}`,
    reason: 'Reason',
    note: 'Note. The log keeps it; if you take the game down, its owner reads it.',
    keep: 'Keep it',
    takeDown: 'Take it down',
    giveBack: 'Give it back',
    isDown: (when: string) => `Taken down on ${when}`,
    kept: (title: string) => `“${title}” stays. Its reports are closed.`,
    taken: (title: string) => `“${title}” is taken down.`,
    given: (title: string) => `“${title}” is there again.`,
  },
};
